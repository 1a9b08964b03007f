import { type Names, readinessSentence, type ReadinessLine } from '../badges/evidence-words.ts'
import type { PageContext } from '../http/pages.ts'
import { list } from '../web/components/list.ts'
import { doneTag } from '../web/components/tag.ts'
import { type Html, html } from '../web/html.ts'

/** Line by line what a badge asks and how far somebody is: what is met has its tick, the rest says what is still missing. */
export function ruleList({ t }: PageContext, lines: readonly ReadinessLine[], names: Names): Html {
  const subject = (line: ReadinessLine): string => {
    switch (line.kind) {
      case 'task':
        return names.task(line.taskId)
      case 'badge':
        return t.applications.childBadge({ name: names.badge(line.slug) })
      case 'requirements':
        return t.evidenceRule.requirements({ count: line.needed })
      case 'self-assessment':
        return t.applications.selfAssessment
    }
  }
  const detail = (line: ReadinessLine): string => {
    if (line.kind === 'badge') return line.met ? '' : t.applications.notHeld
    if (line.kind !== 'self-assessment') return readinessSentence(line, t.evidenceRule, names)
    const tasks = line.taskIds.map((id) => names.task(id)).join(', ')
    return line.met ? '' : t.applications.missingViews({ tasks })
  }
  return list(
    lines.map(
      (line) =>
        html`<div class="row"><span class="record"><b>${subject(line)}</b><span class="block small soft">${detail(line)}</span></span>${line.met && doneTag(t.badges.lineDone)}</div>`,
    ),
  )
}
