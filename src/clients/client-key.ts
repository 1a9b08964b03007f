import type { Vault, WrappedKey } from '../keys/vault.ts'

/** The columns of `client` that open what is sealed under the client's own data key (DESIGN, At rest). */
export type ClientKeyColumns = {
  readonly tenant_id: string
  readonly id: string
  readonly data_key: Buffer
  readonly kek_version: string
}

/** The client's wrapped data key, ready for the vault. */
export function clientKey(client: ClientKeyColumns): WrappedKey {
  return { tenant: client.tenant_id, owner: client.id, dataKey: client.data_key, kekVersion: client.kek_version }
}

/** What is sealed under a client's key, and so the associated data of each. */
export type ClientPurpose =
  | 'client.name'
  | 'client.handover'
  | 'observation.note'
  | 'observation.late-reason'
  | 'observation.replace-reason'
  | 'self-assessment.words'
  | 'application.reason'
  | 'revocation.note'
  | 'rights.words'
  | 'rights.answer'

export function sealFor(vault: Vault, key: WrappedKey, purpose: ClientPurpose, words: string): Buffer {
  return vault.sealText(key, purpose, words)
}

export function openFor(vault: Vault, key: WrappedKey, purpose: ClientPurpose, sealed: Buffer): string {
  return vault.openText(key, purpose, sealed)
}
