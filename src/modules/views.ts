import { explainRule, type Names, ruleSentence } from '../badges/evidence-words.ts'
import { type Language, type Messages, pickText } from '../i18n/index.ts'
import { card, columns, details, pageTitle } from '../web/components/card.ts'
import { emptyState } from '../web/components/empty-state.ts'
import { list } from '../web/components/list.ts'
import { summaryList } from '../web/components/summary-list.ts'
import { table } from '../web/components/table.ts'
import { doneTag, tag } from '../web/components/tag.ts'
import { day, localText } from '../web/components/text.ts'
import { type Child, type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { ModuleSeen } from './module.ts'
import type { ModuleBadge, ModuleRequirement, ModuleSummary, ModuleTask } from './schema.ts'

type View = { readonly t: Messages; readonly lang: Language }

/** Every module in use, with how much of its unit it covers. */
export function moduleListView({ t, lang, modules }: View & { readonly modules: readonly ModuleSummary[] }): Html {
  const rows = modules.map(
    (
      module,
    ) => html`<div class="row"><span><a href="${paths.module(module.id)}"><b>${localText(module.name, lang)}</b></a>
<span class="block small soft">${localText(module.unit.name, lang)} · ${t.modules.taskCount({ count: module.tasks })} · ${t.modules.version(module)}</span></span>
<span class="small">${t.modules.coverage(module.coverage)}</span></div>`,
  )
  return html`${pageTitle({ title: t.modules.title, lead: t.modules.lead })}
${rows.length === 0 ? emptyState({ why: t.modules.empty, what: t.modules.emptyHelp }) : html`<section class="card" aria-label="${t.modules.title}">${list(rows)}</section>`}`
}

/** One module: its tasks, what they cover of the unit and what not, its badges and what each takes. */
export function moduleView({ t, lang, module, rules }: View & ModuleSeen): Html {
  const view = { t, lang }
  const taskNames = new Map(module.tasks.map((task) => [task.id, pickText(task.name, lang).text]))
  const badgeNames = new Map(module.badges.map((badge) => [badge.slug, pickText(badge.name, lang).text]))
  const names: Names = { task: (id) => taskNames.get(id) ?? '', badge: (slug) => badgeNames.get(slug) ?? slug }
  const texts = new Map(module.requirements.map((one) => [one.id, localText(one.text, lang)]))
  const main = html`${card({
    id: 'tasks',
    title: t.modules.tasks,
    aside: t.modules.taskCount({ count: module.tasks.length }),
    content: module.tasks.map((task) => taskView(view, task, texts)),
  })}
${requirementsCard(view, module.requirements, module.coverage, names)}
${gapsCard(view, module.requirements)}`
  const badges = card({
    id: 'badges',
    title: t.modules.badges,
    content: list(module.badges.map((badge) => badgeView(view, badge, rules.get(badge.id), names))),
  })
  return html`${pageTitle({ title: localText(module.name, lang), lead: localText(module.disclaimer, lang) })}
${columns({ main, side: html`${sourceCard(view, module)}${badges}` })}`
}

function sourceCard({ t, lang }: View, module: ModuleSeen['module']): Html {
  const { qualification, unit } = module
  const rows = [
    { label: t.modules.qualification, value: localText(qualification.name, lang) },
    { label: t.modules.diaryNumber, value: qualification.diaryNumber ?? '–' },
    { label: t.modules.unit, value: localText(unit.name, lang) },
    { label: t.modules.imported, value: day(new Date(qualification.importedAt), lang) },
    { label: t.modules.workplace, value: localText(module.workplace, lang) },
  ]
  return card({
    id: 'source',
    title: t.modules.source,
    aside: t.modules.version(module),
    content: html`${summaryList({ t, rows })}<p class="small soft">Opetushallitus, ePerusteet</p>`,
  })
}

function taskView({ t, lang }: View, task: ModuleTask, texts: ReadonlyMap<string, Html>): Html {
  const requirements = task.requirements.map((id) => html`<li>${texts.get(id)}</li>`)
  const steps = task.steps.map((step) => html`<li>${localText(step, lang)}</li>`)
  return details({
    summary: `${pickText(task.name, lang).text} · ${t.modules.difficulty({ level: task.difficulty })}`,
    content: html`${task.easyFi !== null && lang === 'fi' && html`<p lang="fi">${task.easyFi}</p>`}
<h3>${t.modules.steps}</h3><ol class="points">${steps}</ol>
<h3>${t.modules.taskRequirements}</h3><ul class="points">${requirements}</ul>
${task.supportCriteria && supportView({ t, lang }, task.supportCriteria)}`,
  })
}

/** The three variants of the work; the answer holds them for those only who guide it. */
function supportView({ t, lang }: View, support: NonNullable<ModuleTask['supportCriteria']>): Html {
  const rows = (['enhanced', 'general', 'minor'] as const).map((level) => ({
    label: t.supportLevel[level],
    value: localText(support[level], lang),
  }))
  return html`<h3>${t.modules.supportVariants}</h3>${summaryList({ t, rows })}`
}

function requirementsCard(
  { t, lang }: View,
  requirements: readonly ModuleRequirement[],
  coverage: ModuleSummary['coverage'],
  names: Names,
): Html {
  const rows = requirements.map((one): readonly Child[] => [
    localText(one.text, lang),
    one.coveredBy.length > 0
      ? html`${doneTag(t.modules.covered)} ${one.coveredBy.map(names.task).join(', ')}`
      : tag({ label: t.modules.notCovered }),
  ])
  return card({
    id: 'requirements',
    title: t.modules.requirements,
    aside: t.modules.coverage(coverage),
    content: table({ caption: t.modules.requirements, columns: [t.modules.requirement, t.modules.coveredBy], rows }),
  })
}

function gapsCard({ t, lang }: View, requirements: readonly ModuleRequirement[]): Html {
  const gaps = requirements.filter((one) => one.coveredBy.length === 0)
  const rows = gaps.map(
    (one) => html`<p><b>${localText(one.text, lang)}</b></p>
<p>${t.modules.notCoveredReason}: ${one.notCoveredReason ? localText(one.notCoveredReason, lang) : '–'}</p>`,
  )
  return card({
    id: 'gaps',
    title: t.modules.notCoveredTitle,
    content:
      gaps.length === 0 ? html`<p>${t.modules.allCovered}</p>` : html`<p>${t.modules.notCoveredLead}</p>${list(rows)}`,
  })
}

function badgeView(
  { t, lang }: View,
  badge: ModuleBadge,
  rule: Parameters<typeof explainRule>[0] | undefined,
  names: Names,
): Html {
  const lines = rule ? explainRule(rule).map((line) => html`<li>${ruleSentence(line, t.evidenceRule, names)}</li>`) : []
  return html`<p><b>${localText(badge.name, lang)}</b> ${tag({ label: t.tier[badge.tier], kind: 'info' })}</p>
<p>${localText(badge.description, lang)}</p>
${details({ summary: t.evidenceRule.title, content: html`<ul class="points">${lines}</ul>` })}`
}
