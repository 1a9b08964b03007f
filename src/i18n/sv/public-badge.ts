import type { Messages } from '../fi.ts'

export const publicBadge: Messages['publicBadge'] = {
  title: ({ name }) => `Kompetensmärke: ${name}`,
  kind: 'Kompetensmärke',
  issuer: 'Utfärdare',
  awardedOn: 'Beviljat',
  status: 'Läge',
  validUntil: 'Giltigt till',
  forever: 'Går inte ut',
  criteria: 'Vad som krävdes för märket',
  evidence: 'Vad märket bygger på',
  alignment: 'Examensdel som märket hör till',
  check: 'Kontrollera märket',
  checkLead: 'Du kan kontrollera märket i den här tjänsten eller var som helst.',
  files: 'Märkets filer',
  whose: 'Sidan berättar inte vems märket är. Be ägaren visa det i passet.',
  notPublicTitle: 'Märket visas inte',
  notPublic: 'Märkets ägare visar inte det här märket offentligt.',
  revokedTitle: 'Märket är återkallat',
  revoked: ({ date, reason }) => `Märket återkallades ${date}. Orsak: ${reason}`,
  notFoundTitle: 'Märket hittades inte',
}
