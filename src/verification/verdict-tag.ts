import type { VerdictWord } from '../credentials/verdict.ts'
import type { Messages } from '../i18n/index.ts'
import { tag } from '../web/components/tag.ts'
import type { Html } from '../web/html.ts'

/** A verdict in a word or two. */
export function verdictTag(t: Messages, verdict: VerdictWord): Html {
  switch (verdict) {
    case 'valid':
      return tag({ label: t.verify.ok, kind: 'done', icon: 'check' })
    case 'expired':
      return tag({ label: t.awards.states.expired, kind: 'now', icon: 'clock' })
    case 'could-not-check':
      return tag({ label: t.verify.unknown, icon: 'question' })
    case 'revoked':
    case 'suspended':
    case 'not-yet-valid':
    case 'invalid':
    case 'issuer-not-recognised':
      return tag({ label: t.verify.bad, kind: 'bad', icon: 'cross' })
  }
}
