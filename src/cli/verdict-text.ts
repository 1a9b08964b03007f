import { type Language, messages } from '../i18n/index.ts'
import { dayOr, decisiveCheck, headline, plainText, type PresentedVerdict } from '../verification/present.ts'

/** A file's name and what was found in it. */
export type Told = {
  readonly file: string
  readonly verdict: PresentedVerdict
  /** Why the file itself could not be read; then nothing was verified. */
  readonly fault?: string
}

/** So much of a badge's own words has room in a line of a table. */
const longestCell = 48

/** One verdict for a person at a terminal: the answer, what the badge says, each check with its reason. */
export function toldOne({ file, verdict }: Told, language: Language): string {
  const { verify } = messages(language)
  const checks = verdict.checks.map(({ id, outcome, reason }) => [verify.checks[id], verify.outcomes[outcome], reason])
  return `${[
    `${plainText(file)}: ${verdict.verdict}`,
    `${headline(messages(language), verdict.verdict)}. ${verify.verdicts[verdict.verdict]}`,
    ...block(verify.credentialTitle, facts(verdict, language)),
    ...block(verify.checks.credentials, aligned(inside(verdict.credentials ?? []))),
    ...block(verify.checksTitle, aligned(checks)),
    '',
    ...(verdict.credential ? [verify.whose] : []),
  ].join('\n')}\n`
}

/** Many verdicts as a table, a line for each: file, verdict, badge, issuer, and why when it is not valid. */
export function toldAll(verdicts: readonly Told[]): string {
  const rows = verdicts.map(({ file, verdict, fault }) => [
    plainText(file),
    verdict.verdict,
    cell(verdict.credential?.name),
    cell(verdict.credential?.issuer.name ?? verdict.credential?.issuer.id),
    fault ?? decisiveCheck(verdict)?.reason ?? '',
  ])
  return aligned(rows)
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}

/** The badges inside a collection: verdict, name, issuer. */
function inside(verdicts: readonly PresentedVerdict[]): readonly (readonly string[])[] {
  return verdicts.map(({ verdict, credential }) => [
    verdict,
    cell(credential?.name),
    cell(credential?.issuer.name ?? credential?.issuer.id),
  ])
}

function cell(text = ''): string {
  const [...letters] = plainText(text)
  if (letters.length === 0) return '-'
  return letters.length > longestCell ? `${letters.slice(0, longestCell - 1).join('')}…` : letters.join('')
}

function facts({ credential }: PresentedVerdict, language: Language): readonly string[] {
  if (credential === null) return []
  const { verify } = messages(language)
  const { name, issuer, awardedOn, validUntil, tier, revocationReason, endorsements = [] } = credential
  const host = issuer.host === undefined ? '' : ` (${issuer.host})`
  const rows: readonly (readonly [string, string | undefined])[] = [
    [verify.name, name],
    [verify.issuer, `${issuer.name ?? issuer.id}${host}`],
    [verify.awardedOn, awardedOn && dayOr(awardedOn, language)],
    [verify.validUntil, validUntil && dayOr(validUntil, language)],
    [verify.tier, tier],
    [verify.reason, revocationReason],
    ...endorsements.map(
      ({ endorser, comment = '' }) =>
        [verify.checks.endorsements, `${comment} (${endorser.name ?? endorser.id})`] as const,
    ),
  ]
  // A badge is a stranger's text, and a terminal obeys control characters.
  return aligned(rows.flatMap(([label, value]) => (value === undefined ? [] : [[label, plainText(value)]])))
}

function block(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)]
}

/** Columns under each other; the last one is as long as it is. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const width = (column: number): number => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))
  return rows.map((cells) =>
    cells.map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(width(column) + 2))).join(''),
  )
}
