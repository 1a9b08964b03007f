import { answerBy } from '../awards/answer-by.ts'
import type { AwardView } from '../awards/list.ts'
import type { Names } from '../badges/evidence-words.ts'
import type { Language } from '../credentials/facts.ts'
import { dayInHelsinki, formatDay, pickText } from '../i18n/index.ts'
import type { PublishedBadge } from '../progress/readiness.ts'
import type { Text } from '../qualifications/tables.ts'
import { paths } from '../web/paths.ts'
import type { Passport } from './passport.ts'

/** Names of tasks and badges for the sentences about a rule, in the page's language. */
export function namesOf({ taskNames, standings }: Pick<Passport, 'taskNames' | 'standings'>, lang: Language): Names {
  const word = (text: Text | undefined): string => (text ? pickText(text, lang).text : '')
  return {
    task: (id) => word(taskNames.get(id)),
    badge: (slug) => word(standings.find(({ badge }) => badge.slug === slug)?.badge.name),
  }
}

/** The day by which an application is answered, for people. */
export function answerDay(sentAt: Date, lang: Language): string {
  return formatDay(answerBy(dayInHelsinki(sentAt)), lang)
}

/** The language that a badge is suggested in: the wanted one where the badge has it, else Finnish (DESIGN, Language of a badge). */
export function suggestedLanguage(languages: readonly Language[], wanted: Language): Language {
  return [wanted, 'fi' as const, ...languages].find((one) => languages.includes(one)) ?? 'fi'
}

export function pictureOfAward(award: AwardView): string {
  return paths.badgePicture(award.tenant, award.slug, award.version, award.language)
}

export function pictureOfBadge(tenant: string, badge: PublishedBadge, lang: Language): string {
  return paths.badgePicture(tenant, badge.slug, badge.version, suggestedLanguage(badge.languages, lang))
}

export function smallPictureOfBadge(tenant: string, badge: PublishedBadge, lang: Language): string {
  return paths.badgePictureSmall(tenant, badge.slug, badge.version, suggestedLanguage(badge.languages, lang))
}

/** A phrase of the catalogue at the beginning of a line: "oma arvio puuttuu" becomes "Oma arvio puuttuu". */
export function sentence(words: string): string {
  return words.charAt(0).toLocaleUpperCase('fi') + words.slice(1)
}
