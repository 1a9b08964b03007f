/**
 * Badge templates: one folder each in `badge-templates/`, found by looking (PRODUCT §6, Badge art). Adding one needs no code;
 * `test/badges/templates.test.ts` checks every folder.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Language, Scope, Tier } from '../credentials/facts.ts'
import { Refusal } from '../refusal.ts'
import { readArtwork, type SvgElement } from './svg.ts'

/** Where one line of text stands: its baseline, and how wide it may be there so that it keeps clear of the frame. */
const Slot = z.strictObject({ y: z.number(), maxWidth: z.number().positive() })
const block = {
  fill: z.string().regex(/^#[0-9A-F]{6}$/),
  maxSize: z.number(),
  minSize: z.number(),
  one: z.tuple([Slot]),
  two: z.tuple([Slot, Slot]),
}
const TemplateFile = z.strictObject({
  slug: z.string().regex(/^[a-z][a-z0-9-]*$/),
  scope: z.enum(['task', 'module', 'unit']),
  /** The middle of every line. */
  x: z.number(),
  /** Colour of the ground under the text. */
  panel: z.string(),
  /** `lift`: how far the name moves up when the issuer's name takes two lines. */
  name: z.strictObject({ ...block, lift: z.number().nonnegative() }),
  issuer: z.strictObject(block),
})
const byTier = z.strictObject({ basic: z.string().min(1), advanced: z.string().min(1), master: z.string().min(1) })
const TextsFile = z.strictObject({ description: z.string().min(1), tiers: byTier, stones: byTier })

export type Slot = Readonly<z.infer<typeof Slot>>
export type TemplateTexts = Readonly<z.infer<typeof TextsFile>>
export type BadgeTemplate = Readonly<z.infer<typeof TemplateFile>> & {
  readonly artwork: SvgElement
  readonly texts: Readonly<Record<Language, TemplateTexts>>
}

const folder = new URL('../../badge-templates/', import.meta.url)
let loaded: ReadonlyMap<string, BadgeTemplate> | undefined

/**
 * All templates by slug, read once for the process. Throws a plain Error that names the file when a folder is not whole: a broken
 * template is a fault of the installation, not of a request.
 */
export function loadTemplates(): ReadonlyMap<string, BadgeTemplate> {
  loaded ??= new Map(
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .toSorted()
      .map((slug) => [slug, readTemplate(slug)]),
  )
  return loaded
}

/** The template with this slug. Refuses (`content`, field `/template`) when there is none. */
export function getTemplate(slug: string): BadgeTemplate {
  const template = loadTemplates().get(slug)
  if (template !== undefined) return template
  const detail = `There is no badge template with this name. Use one of: ${[...loadTemplates().keys()].join(', ')}.`
  throw new Refusal('content', detail, { fields: [{ pointer: '/template', code: 'unknown-template', detail }] })
}

/** Slug of the template that shows this scope; the shape tells the scope (PRODUCT §6). */
export function templateForScope(scope: Scope): string {
  for (const template of loadTemplates().values()) if (template.scope === scope) return template.slug
  throw new Error(`No badge template for the scope ${scope}`)
}

/** The tier's word and the sentence for people who cannot see the picture, as `drawBadge` takes them. */
export function pictureWords(slug: string, language: Language, tier: Tier): { tierWord: string; description: string } {
  const texts = getTemplate(slug).texts[language]
  return { tierWord: texts.tiers[tier], description: `${texts.description} ${texts.stones[tier]}` }
}

function readTemplate(slug: string): BadgeTemplate {
  const file = TemplateFile.parse(readJson(`${slug}/template.json`))
  if (file.slug !== slug) throw new Error(`badge-templates/${slug}/template.json has the slug ${file.slug}`)
  const texts = {
    fi: TextsFile.parse(readJson(`${slug}/texts.fi.json`)),
    sv: TextsFile.parse(readJson(`${slug}/texts.sv.json`)),
    en: TextsFile.parse(readJson(`${slug}/texts.en.json`)),
  }
  return {
    ...file,
    texts,
    artwork: readArtwork(readText(`${slug}/artwork.svg`), `badge-templates/${slug}/artwork.svg`),
  }
}

function readText(path: string): string {
  return readFileSync(new URL(path, folder), 'utf8')
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readText(path))
  } catch (cause) {
    throw new Error(`badge-templates/${path} could not be read`, { cause })
  }
}
