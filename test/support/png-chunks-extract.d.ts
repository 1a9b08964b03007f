// A reader of PNG chunks that the tests use as an oracle; it comes without types.
declare module 'png-chunks-extract' {
  export default function extractChunks(
    png: Uint8Array,
  ): readonly { readonly name: string; readonly data: Uint8Array }[]
}
