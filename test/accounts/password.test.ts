import { describe, expect, test } from 'vitest'
import { isCommonPassword } from '../../src/accounts/common-passwords.ts'
import { hashPassword, isPassword } from '../../src/accounts/password.ts'

describe('S-17: a password', () => {
  test.each([
    'Salasana1234',
    'S4l4s4n4-2026!',
    'P@ssw0rd12345',
    'passwordpassword',
    '123456789012',
    '098765432109',
    'qwertyuiop12',
    '1qaz2wsx3edc4rfv',
    'aaaaaaaaaaaaaaaa',
    'abcabcabcabc',
    'iloveyou12345',
    'kesä2026talvi2027',
    'Osaamispassi-1',
    'Lösenord-2026!',
  ])('%s is refused: many people use such a one', async (password) => {
    await expect(hashPassword(password)).rejects.toMatchObject({ kind: 'content', code: 'password-common' })
  })

  test.each([
    'kuusi-hilla-joki-1',
    'correct horse battery staple',
    'Tr0ub4dor&3xyz',
    'x7Qw-9Lm2-Zp4k',
    'Mummon keltainen polkupyörä',
    'ŋuoktavuohta-2-guolli',
  ])('%s is taken', (password) => {
    expect(isCommonPassword(password)).toBe(false)
  })

  test('made of the person’s own name or address is refused, for others it is not', async () => {
    expect(isCommonPassword('Tervahauta-2026', ['pekka@tervahauta.example'])).toBe(true)
    expect(isCommonPassword('Tervahauta-2026', ['kaisa@meriva.example'])).toBe(false)
    await expect(hashPassword('Tervahauta-2026', ['Pekka Tervahauta'])).rejects.toMatchObject({
      code: 'password-common',
    })
  })

  test('has 12 characters or more; 64 and 128 are allowed, and each character counts as one', async () => {
    await expect(hashPassword('hilla-joki1')).rejects.toMatchObject({ code: 'password-short' })
    await expect(hashPassword('𝄞🫎🧭🛶🔥🌲🏔️')).rejects.toMatchObject({ code: 'password-short' })
    const long = 'hilla joki kuusi '.repeat(8)
    for (const length of [12, 64, 128]) {
      const stored = await hashPassword(long.slice(0, length))
      expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
      expect(await isPassword(stored, long.slice(0, length))).toBe(true)
    }
    await expect(hashPassword(long.slice(0, 129))).rejects.toMatchObject({ code: 'password-long' })
  })

  test('typed with another keyboard is the same password', async () => {
    const stored = await hashPassword('Hämärän hiljainen jänkä'.normalize('NFD'))
    expect(await isPassword(stored, 'Hämärän hiljainen jänkä'.normalize('NFC'))).toBe(true)
  })
})
