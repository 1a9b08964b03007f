/** Draws the test picture in a process of its own, so that a test can take the machine's fonts away from it. */
import { drawBadge } from '../../src/badges/artwork.ts'
import { renderPng } from '../../src/badges/png.ts'
import { hamara } from './pictures.ts'

process.stdout.write(await renderPng(drawBadge(hamara), 400))
