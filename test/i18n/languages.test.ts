import { expect, test } from 'vitest'
import { dayInHelsinki, formatDay, formatInstant, formatTime, pickLanguage, pickText } from '../../src/i18n/index.ts'

test('the language comes from the link, then the cookie, then the browser, else it is Finnish', () => {
  expect(pickLanguage({ query: 'sv', cookie: 'en', acceptLanguage: 'fi' })).toBe('sv')
  expect(pickLanguage({ query: 'xx', cookie: 'en', acceptLanguage: 'fi' })).toBe('en')
  expect(pickLanguage({ query: ['sv', 'en'], acceptLanguage: 'de-DE, sv-FI;q=0.8, en;q=0.9' })).toBe('en')
  expect(pickLanguage({ acceptLanguage: 'de, sv;q=0' })).toBe('fi')
  expect(pickLanguage({ acceptLanguage: 'sv;q=rubbish, ;;,' })).toBe('fi')
  expect(pickLanguage({})).toBe('fi')
})

test('a text comes in the wanted language or the nearest there is, and says which', () => {
  expect(pickText({ fi: 'Hei', sv: 'Hej', en: 'Hello' }, 'en')).toEqual({ text: 'Hello', lang: 'en' })
  expect(pickText({ sv: 'Hej', en: 'Hello', fi: '' }, 'fi')).toEqual({ text: 'Hej', lang: 'sv' })
  expect(pickText({ fi: null, se: 'Bures' }, 'en')).toEqual({ text: 'Bures', lang: 'se' })
  expect(pickText({}, 'sv')).toEqual({ text: '', lang: 'sv' })
})

test('days and times are those of Finland, also around midnight and summer time', () => {
  const night = new Date('2026-11-21T22:30:00Z')
  expect(dayInHelsinki(night)).toBe('2026-11-22')
  expect(formatTime(night, 'fi')).toBe('0.30')
  expect(dayInHelsinki(new Date('2026-06-30T21:00:00Z'))).toBe('2026-07-01')
  expect(formatDay('2026-11-02', 'fi')).toBe('2.11.2026')
  expect(formatDay('2026-11-02', 'sv')).toBe('2.11.2026')
  expect(formatDay(night, 'en')).toBe('22 Nov 2026')
})

test('today and yesterday are called by name when the time is known', () => {
  const now = new Date('2026-11-22T10:00:00Z')
  expect(formatInstant(new Date('2026-11-22T07:12:00Z'), 'fi', now)).toBe('tänään kello 9.12')
  expect(formatInstant(new Date('2026-11-21T12:03:00Z'), 'sv', now)).toBe('i går klockan 14.03')
  expect(formatInstant(new Date('2026-11-20T12:03:00Z'), 'en', now)).toBe('20 Nov 2026 at 14:03')
  expect(formatInstant(new Date('2026-11-22T07:12:00Z'), 'fi')).toBe('22.11.2026 kello 9.12')
  // Yesterday over the change to winter time.
  expect(formatInstant(new Date('2026-10-24T12:00:00Z'), 'fi', new Date('2026-10-25T21:00:00Z'))).toBe(
    'eilen kello 15.00',
  )
})
