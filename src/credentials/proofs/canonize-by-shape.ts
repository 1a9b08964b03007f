import type { Json, JsonObject } from '../json.ts'
import { isJsonList, isJsonObject } from '../json.ts'
import type { Canonize } from './canonize.ts'
import { canonizeExpanded, expandSafely } from './canonize.ts'

/**
 * What differs between two badges of one class, by its form: ids, instants, places in a status list. JSON-LD takes such a text over as it
 * is, wherever it stands; what a term means depends on contexts, types and members alone, and those stay in the shape.
 */
const varying: readonly { readonly form: RegExp; readonly sample: (count: number) => string }[] = [
  {
    form: /^urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    sample: (count) => `urn:uuid:00000000-0000-4000-8000-${String(count).padStart(12, '0')}`,
  },
  {
    form: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
    sample: (count) => `0001-01-01T00:00:${String(count).padStart(2, '0')}Z`,
  },
  {
    form: /^https?:\/\/[\w.:[\]-]+\/o\/\w{4}\/status\/\d+#\d{1,6}$/,
    sample: (count) => `https://sample.invalid/o/aaaa/status/0#${String(count)}`,
  },
  { form: /^\d{1,6}$/, sample: (count) => `00000${String(count).padStart(2, '0')}` },
]

/** Samples have two digits; a document with more that varies is expanded as it is. */
const mostValues = 99
const keptAtMost = 500

type Shape = { readonly skeleton: JsonObject; readonly values: ReadonlyMap<string, string> }

/** The document with a sample in place of each text that varies, and what each sample stands for. */
function shapeOf(document: JsonObject): Shape {
  const values = new Map<string, string>()
  const ofText = (text: string): string => {
    const kind = varying.find(({ form }) => form.test(text))
    if (kind === undefined) return text
    const sample = kind.sample(values.size)
    values.set(JSON.stringify(sample), JSON.stringify(text))
    return sample
  }
  const ofObject = (object: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(object).map(([name, value]) => [name, name === '@context' ? value : ofValue(value)]),
    )
  const ofValue = (value: Json): Json => {
    if (typeof value === 'string') return ofText(value)
    if (isJsonList(value)) return value.map(ofValue)
    return isJsonObject(value) ? ofObject(value) : value
  }
  return { skeleton: ofObject(document), values }
}

/** A whole text of JSON that may be a sample; which ones are is known by the values. */
const samples =
  /"(?:urn:uuid:00000000-0000-4000-8000-\d{12}|0001-01-01T00:00:\d\dZ|https:\/\/sample\.invalid\/o\/aaaa\/status\/0#\d+|00000\d\d)"/g

/**
 * Canonises many documents of the same few shapes, such as the awards of a badge class, as `canonize` does and with the same result: the
 * expansion by the contexts, nine tenths of the work, is done once for each shape, on samples, and the values are put in afterwards
 * (PERFORMANCE, Designs: embedded proofs). The first document of a shape is canonised in both ways; where they differ the shape is never
 * used. For what we sign; documents of others are always expanded as they are.
 */
export function createCanonizeByShape(canonizeWhole: Canonize): Canonize {
  /** Expanded samples by their shape; undefined where the two ways differed. */
  const shapes = new Map<string, string | undefined>()
  return async (document) => {
    const { skeleton, values } = shapeOf(document)
    if (values.size > mostValues) return await canonizeWhole(document)
    const name = JSON.stringify(skeleton)
    const known = shapes.get(name)
    if (known === undefined && shapes.has(name)) return await canonizeWhole(document)
    const expanded = known ?? JSON.stringify(await expandSafely(skeleton))
    const filled: unknown = JSON.parse(expanded.replace(samples, (sample) => values.get(sample) ?? sample))
    const canonical = await canonizeExpanded(filled)
    if (known !== undefined) return canonical
    const whole = await canonizeWhole(document)
    if (shapes.size >= keptAtMost) shapes.clear()
    shapes.set(name, whole === canonical ? expanded : undefined)
    return whole
  }
}
