import { z } from 'zod'
import { dayInHelsinki } from '../../i18n/dates.ts'
import { plainText } from './plain-text.ts'

/**
 * What is read of a criteria file (peruste). Everything that is not named here is passed over, `muokkaaja` (a person) first of all.
 * Words that are chosen from a list are read without regard to case: the OpenAPI says NORMAALI, the data normaali.
 */

const word = <const W extends readonly [string, ...string[]]>(words: W) =>
  z
    .string()
    .transform((text) => text.toLowerCase())
    .pipe(z.enum(words))

/** `tutkinnonosat_106889`, `koulutus_351301`: a code set and a value in it. */
const codeUri = z.string().regex(/^[a-z][a-z0-9]{0,60}_[\w.-]{1,40}$/i, 'expected a code such as tutkinnonosat_106889')
const code = z.object({ uri: codeUri.nullish() }).nullish()
/** Ids are numbers in one place and texts in another. */
const id = z
  .union([z.int().nonnegative(), z.string().regex(/^\d{1,18}$/, 'expected digits')], 'expected an id number')
  .transform(String)

/** A text by language. `_tunniste` is its identity over versions; `_id` is not (it changes with each edit) and is left out. */
const text = z
  .record(z.string(), z.unknown(), 'expected an object with texts by language')
  .transform((raw, context) => {
    const texts: Record<string, string> = {}
    for (const [language, value] of Object.entries(raw)) {
      if (!/^[a-z]{2,3}$/.test(language) || value === null) continue
      if (typeof value !== 'string') {
        context.addIssue({ code: 'custom', path: [language], message: `expected text, found ${typeof value}` })
        continue
      }
      const plain = plainText(value)
      // A lone dash stands where a translation is missing.
      if (plain !== '' && plain !== '-') texts[language] = plain
    }
    const tunniste = raw['_tunniste']
    return { texts, tunniste: typeof tunniste === 'string' && /^[\w-]{1,100}$/.test(tunniste) ? tunniste : null }
  })
export type SourceText = z.infer<typeof text>

/** Midnight in Finland as milliseconds since 1970, or by the OpenAPI a date-time; a calendar day for us. */
const day = z
  .union([z.int(), z.iso.datetime({ offset: true }), z.iso.date()], 'expected a time in milliseconds or a date')
  .transform((value, context) => {
    const instant = new Date(value)
    const year = instant.getUTCFullYear()
    if (year >= 1900 && year <= 2200) return dayInHelsinki(instant)
    context.addIssue({ code: 'custom', message: `expected a date between the years 1900 and 2200` })
    return z.NEVER
  })

const level = z
  .object({
    _osaamistaso: id.nullish(),
    osaamistaso: z.object({ id: id.nullish(), koodi: code }).nullish(),
    kriteerit: z.array(text).nullish(),
  })
  .transform(({ _osaamistaso: reference, osaamistaso, kriteerit }) => ({
    id: reference ?? osaamistaso?.id ?? null,
    code: osaamistaso?.koodi?.uri?.toLowerCase() ?? null,
    texts: (kriteerit ?? []).map((one) => one.texts),
  }))
export type SourceLevel = z.infer<typeof level>

const requirement2019 = z.object({ koodi: code, vaatimus: text.nullish() })
export type SourceRequirement = z.infer<typeof requirement2019>

const target = z.object({
  otsikko: text.nullish(),
  koodi: code,
  arvioinninKohteet: z.array(z.object({ osaamistasonKriteerit: z.array(level).nullish() })).nullish(),
})
export type SourceTarget = z.infer<typeof target>

const scope = z.number().nonnegative().max(10_000).nullish()

const unit = z.object({
  id,
  nimi: text,
  tyyppi: word(['normaali', 'tutke2', 'reformi_tutke2']).nullish(),
  koodiUri: codeUri.nullish(),
  koodi: code,
  laajuus: scope,
  laajuusMaksimi: scope,
  ammattitaitovaatimukset2019: z
    .object({
      vaatimukset: z.array(requirement2019).nullish(),
      kohdealueet: z
        .array(z.object({ kuvaus: text.nullish(), vaatimukset: z.array(requirement2019).nullish() }))
        .nullish(),
    })
    .nullish(),
  arviointi: z.object({ arvioinninKohdealueet: z.array(target).nullish() }).nullish(),
  /** HTML: looked at only for whether it holds a list. */
  ammattitaitovaatimukset: z.record(z.string(), z.unknown()).nullish(),
  ammattitaitovaatimuksetLista: z.array(z.unknown()).nullish(),
})
export type SourceUnit = z.infer<typeof unit>

const way = z.object({
  suoritustapakoodi: z
    .string()
    .transform((text) => text.toLowerCase())
    .nullish(),
  laajuusYksikko: word(['osaamispiste', 'opintoviikko', 'opintopiste', 'kurssi']).nullish(),
  tutkinnonOsaViitteet: z
    .array(
      z
        .object({
          _tutkinnonOsa: id,
          laajuus: scope,
          laajuusMaksimi: scope,
          jarjestys: z.int().min(0).max(1_000_000).nullish(),
        })
        .transform(({ _tutkinnonOsa: unitId, laajuus, laajuusMaksimi, jarjestys }) => ({
          unitId,
          scope: laajuus ?? null,
          scopeMax: laajuusMaksimi ?? null,
          order: jarjestys ?? null,
        })),
    )
    .nullish(),
})
export type SourceWay = z.infer<typeof way>

/** One criteria file. */
export const Source = z.object({
  id: z.int().positive(),
  globalVersion: z.object({ aikaleima: z.int().positive() }),
  nimi: text,
  diaarinumero: z.string().transform(plainText).pipe(z.string().min(1).max(100)),
  tila: word(['valmis', 'luonnos', 'poistettu']),
  kielet: z
    .array(
      z
        .string()
        .transform((text) => text.toLowerCase())
        .pipe(z.string().regex(/^[a-z]{2,3}$/)),
    )
    .nullish(),
  voimassaoloAlkaa: day.nullish(),
  voimassaoloLoppuu: day.nullish(),
  siirtymaPaattyy: day.nullish(),
  koulutukset: z.array(z.object({ nimi: text.nullish(), koulutuskoodiUri: codeUri.nullish() })).nullish(),
  osaamisalat: z.array(z.object({ nimi: text.nullish(), uri: codeUri.nullish() })).nullish(),
  tutkintonimikkeet: z.array(z.object({ nimi: text.nullish(), tutkintonimikeUri: codeUri.nullish() })).nullish(),
  suoritustavat: z.array(way).nullish(),
  tutkinnonOsat: z.array(unit).nullish(),
})
export type Source = z.infer<typeof Source>
