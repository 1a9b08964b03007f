import { create } from 'qrcode'
import type { Html } from '../html.ts'
import { html } from '../html.ts'

/** Light modules around the code, so that a reader finds its edge (ISO/IEC 18004). */
const margin = 4

/**
 * A QR code, level M, drawn as part of the page: nothing secret stands in an address. Black on white in every theme, because readers need
 * it. The same is always given as text beside it; `label` says what the code opens.
 */
export function qrCode({ text, label }: { readonly text: string; readonly label: string }): Html {
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const side = modules.size + 2 * margin
  return html`<svg class="qr" viewBox="0 0 ${side} ${side}" role="img" aria-label="${label}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path fill="#000" d="${dark(modules)}"/></svg>`
}

/** One stroke for each run of dark modules in a row. */
function dark(modules: { readonly size: number; get(row: number, column: number): number }): string {
  const strokes: string[] = []
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (!modules.get(row, column)) continue
      const start = column
      while (column < modules.size && modules.get(row, column)) column += 1
      const width = column - start
      strokes.push(`M${start + margin} ${row + margin}h${width}v1h-${width}z`)
    }
  }
  return strokes.join('')
}
