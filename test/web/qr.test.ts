import sharp from 'sharp'
import { expect, test } from 'vitest'
import { create } from 'qrcode'
import { qrCode } from '../../src/web/components/qr.ts'

const text = 'https://merkit.example/kirjaudu/kortti/mer1AAAAAAAAAAAAAAAAAAAAAA'

test('a QR code is drawn module by module, with its quiet zone, and says what it opens', async () => {
  const svg = qrCode({ text, label: 'Avaa "kirjautumisen"' }).toString()
  expect(svg).toContain('role="img" aria-label="Avaa &quot;kirjautumisen&quot;"')
  // Nothing that the content security policy forbids (S-41).
  expect(svg).not.toMatch(/style|<script|href|data:/)
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const side = modules.size + 8
  const source = Buffer.from(
    svg.replace('<svg ', `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" `),
  )
  const { data, info } = await sharp(source).greyscale().raw().toBuffer({ resolveWithObject: true })
  expect([info.width, info.height]).toEqual([side, side])
  const isDark = (row: number, column: number): boolean => (data[row * side + column] ?? 255) < 128
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const inside = row >= 4 && column >= 4 && row < side - 4 && column < side - 4
      expect(isDark(row, column), `${row} ${column}`).toBe(inside && modules.get(row - 4, column - 4) === 1)
    }
  }
})
