import type { Json } from '../qualifications/tables.ts'

export type KeyAlgorithm = 'RS256' | 'ES256' | 'EdDSA'

export type SigningKeyTable = {
  tenant_id: string
  kid: string
  algorithm: KeyAlgorithm
  state: 'active' | 'retired' | 'compromised'
  public_jwk: Json<Readonly<Record<string, string>>>
  data_key: Buffer
  kek_version: string
  private_sealed: Buffer
  created_at: Date
  retired_at: Date | null
  compromised_at: Date | null
}
