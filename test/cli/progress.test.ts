import { expect, test } from 'vitest'
import { progress } from '../../src/cli/progress.ts'

function told(isTerminal: boolean, steps: readonly number[]): string {
  let text = ''
  const report = progress({ isTerminal, err: (part) => (text += part) }, 'Importing')
  for (const step of steps) report(step, 200)
  return text
}

test('without a terminal there is one line for each 10 %', () => {
  const steps = Array.from({ length: 201 }, (_, step) => step)
  expect(told(false, steps).split('\n')).toEqual([
    ...Array.from({ length: 11 }, (_, tens) => `Importing ${tens * 10} %`),
    '',
  ])
})

test('a step that leaps over several tens tells the last one only', () => {
  expect(told(false, [0, 150, 200])).toBe('Importing 0 %\nImporting 70 %\nImporting 100 %\n')
})

test('on a terminal a bar moves in its own line and ends it', () => {
  expect(told(true, [0, 100, 200])).toBe(
    `\rImporting [${'.'.repeat(20)}] 0 %\rImporting [${'#'.repeat(10)}${'.'.repeat(10)}] 50 %\rImporting [${'#'.repeat(20)}] 100 %\n`,
  )
})
