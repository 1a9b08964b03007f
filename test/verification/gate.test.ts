import { expect, test } from 'vitest'
import { createGate } from '../../src/verification/gate.ts'

const patient = new AbortController().signal

test('S-46: as many as there are places come in; the others wait, and come in as they came', async () => {
  const gate = createGate(2)
  const inside: string[] = []
  const enter = async (name: string): Promise<() => void> => {
    const leave = await gate.enter(patient)
    inside.push(name)
    return leave
  }
  const [first, second] = [await enter('first'), await enter('second')]
  const [third, fourth] = [enter('third'), enter('fourth')]
  await Promise.resolve()
  expect(inside).toEqual(['first', 'second'])
  first()
  const leaveThird = await third
  expect(inside).toEqual(['first', 'second', 'third'])
  second()
  leaveThird()
  const leaveFourth = await fourth
  leaveFourth()
  expect(inside).toEqual(['first', 'second', 'third', 'fourth'])
})

test('who gives up waiting takes no place, then or later', async () => {
  const gate = createGate(1)
  const leave = await gate.enter(patient)
  const hurry = new AbortController()
  const hurried = gate.enter(hurry.signal)
  hurry.abort()
  await expect(hurried).rejects.toThrow('in time')
  await expect(gate.enter(hurry.signal)).rejects.toThrow()
  leave()
  const leaveAgain = await gate.enter(patient)
  leaveAgain()
  await gate.enter(patient)
})
