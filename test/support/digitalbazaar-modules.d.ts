// The parts of these packages that the tests use as an oracle; they come without types.
declare module '@digitalbazaar/vc' {
  type Loader = (address: string) => Promise<{ documentUrl: string; document: object; contextUrl?: null }>
  type Result = { readonly verified: boolean; readonly error?: Error }
  export function issue(options: { credential: object; suite: object; documentLoader: Loader }): Promise<object>
  export function verifyCredential(options: {
    credential: object
    suite: object
    documentLoader: Loader
    now?: Date
    checkStatus?: (options: object) => Promise<{ verified: boolean }>
  }): Promise<Result>
}
declare module '@digitalbazaar/data-integrity' {
  export const DataIntegrityProof: new (options: { signer?: object; cryptosuite: object; date?: string }) => object
}
declare module '@digitalbazaar/eddsa-rdfc-2022-cryptosuite' {
  export const cryptosuite: object
}
declare module '@digitalbazaar/ed25519-multikey' {
  type KeyPair = { readonly id: string; readonly publicKeyMultibase: string; signer(): object }
  export function generate(options: { controller: string }): Promise<KeyPair>
  export function from(key: object): Promise<KeyPair>
}
declare module '@digitalbazaar/vc-bitstring-status-list' {
  type List = { readonly length: number; getStatus(index: number): boolean }
  export function decodeList(options: { encodedList: string }): Promise<List>
  export function checkStatus(options: {
    credential: object
    suite: object
    documentLoader: object
    verifyBitstringStatusListCredential?: boolean
  }): Promise<{
    readonly verified: boolean
    readonly error?: Error
    readonly results?: readonly { readonly status: boolean }[]
  }>
}
