import type { Language } from '../credentials/facts.ts'

/** Client (valmentautuja): one row for each tenant. The name is sealed under the client's own data key. */
export type ClientTable = {
  tenant_id: string
  id: string
  data_key: Buffer
  kek_version: string
  name_sealed: Buffer
  language: Language
  created_at: Date
  ended_at: Date | null
}

export type ClientCoachTable = {
  tenant_id: string
  client_id: string
  account_id: string
  from_day: string
  until_day: string | null
}
