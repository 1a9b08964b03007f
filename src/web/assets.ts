import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** One file that pages link to. Its name changes with its content, so it may be kept for ever by browsers. */
export type Asset = {
  readonly path: string
  readonly contentType: string
  readonly body: Buffer
  readonly etag: string
}

/** Style sheets in the order of the cascade; sent as one file. */
const styleSheets = ['tokens', 'base', 'layout', 'controls', 'parts', 'passport', 'coach', 'pages', 'modes']

const sources = {
  'app.css': { contentType: 'text/css; charset=utf-8', files: styleSheets.map((name) => `${name}.css`) },
  'mark.svg': { contentType: 'image/svg+xml', files: ['mark.svg'] },
  'landscape.svg': { contentType: 'image/svg+xml', files: ['landscape.svg'] },
} as const

export type AssetName = keyof typeof sources

const built: Readonly<Record<AssetName, Asset>> = {
  'app.css': build('app.css'),
  'mark.svg': build('mark.svg'),
  'landscape.svg': build('landscape.svg'),
}

/** All assets, read once at start. Whoever serves them answers `path` with `body`, `contentType` and `etag`. */
export const assets: readonly Asset[] = Object.values(built)

/** Address of an asset, with the hash of its content. */
export function asset(name: AssetName): string {
  return built[name].path
}

function build(name: AssetName): Asset {
  const { contentType, files } = sources[name]
  const body = Buffer.concat(files.map((file) => readFileSync(new URL(`assets/${file}`, import.meta.url))))
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 16)
  const dot = name.lastIndexOf('.')
  return { path: `/assets/${name.slice(0, dot)}-${hash}${name.slice(dot)}`, contentType, body, etag: `"${hash}"` }
}
