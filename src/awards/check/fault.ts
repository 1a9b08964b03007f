/** What `check:awards` can find wrong (S-31). */
export type FaultCode =
  | 'entry-changed'
  | 'entry-removed'
  | 'entries-swapped'
  | 'entry-inserted'
  | 'entry-not-in-order'
  | 'content-changed'
  | 'head-differs'
  | 'history-rewritten'
  | 'signed-head-wrong'
  | 'award-removed'
  | 'award-inserted'
  | 'award-changed'
  | 'award-signature'
  | 'signed-after-compromise'
  | 'revocation-removed'
  | 'revocation-inserted'
  | 'key-changed'
  | 'erasure-differs'

/** One finding, and where: the entry of the history by its number, the award by its public id. */
export type Fault = {
  readonly tenant: string
  readonly code: FaultCode
  /** A whole sentence. */
  readonly what: string
  readonly seq?: number
  readonly award?: string
}

/** Nobody reads more than so many of one tenant; that there are more is said. */
const most = 100

/** Collects what is found of one tenant. */
export class Findings {
  readonly tenant: string
  readonly faults: Fault[] = []
  /** How many there were in all. */
  count = 0

  constructor(tenant: string) {
    this.tenant = tenant
  }

  add(code: FaultCode, what: string, where: Pick<Fault, 'seq' | 'award'> = {}): void {
    this.count += 1
    if (this.faults.length < most) this.faults.push({ tenant: this.tenant, code, what, ...where })
  }
}
