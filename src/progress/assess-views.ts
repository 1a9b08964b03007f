import type { PageContext } from '../http/pages.ts'
import { formatDay, pickText } from '../i18n/index.ts'
import type { Messages } from '../i18n/index.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { details } from '../web/components/card.ts'
import { choices } from '../web/components/choices.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { textArea } from '../web/components/field.ts'
import { form } from '../web/components/form.ts'
import { localText } from '../web/components/text.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import { choiceWords } from './choice-words.ts'
import type { View } from './record-views.ts'
import type { TaskToAssess } from './self-assessment.ts'

type Given = {
  readonly task: TaskToAssess
  readonly before: { readonly choice: number | null; readonly at: Date } | undefined
  readonly form: { readonly choice: string; readonly words: string; readonly idempotencyKey: string }
  readonly errors: readonly FieldError[]
}

/** One question: how well can you do this? */
export function assessPage(context: PageContext, { task, before, form: sent, errors }: Given): View {
  const { t, lang, csrf } = context
  const title = t.selfAssessment.question({ skill: pickText(task.name, lang).text })
  const last =
    before && t.selfAssessment.previous({ answer: choiceWords(before.choice, t), day: formatDay(before.at, lang) })
  const question = choices({
    t,
    kind: 'radio',
    name: 'choice',
    legend: title,
    asTitle: true,
    hint: html`${plain(context, task)}${t.selfAssessment.hint}${last !== undefined && html`<span class="block">${last}</span>`}`,
    error: errorOf(errors, 'choice'),
    choices: [
      ...([1, 2, 3, 4] as const).map((step) => ({ value: String(step), label: t.scale[step] })),
      skipped(t),
    ].map((choice) => ({ ...choice, checked: choice.value === sent.choice })),
  })
  const words = textArea({
    t,
    name: 'words',
    label: t.selfAssessment.own,
    hint: t.selfAssessment.ownHint,
    optional: true,
    value: sent.words,
    error: errorOf(errors, 'words'),
  })
  return {
    title,
    main: form({
      action: paths.assess(task.id),
      csrf,
      idempotencyKey: sent.idempotencyKey,
      content: html`${question}<div class="card stack">${whatItIs(context, task)}${words}</div>
${buttons(
  button({ label: t.selfAssessment.save }),
  linkButton({ label: t.app.cancel, href: paths.passport(), look: 'plain' }),
)}`,
    }),
  }
}

function skipped(t: Messages): { readonly value: string; readonly label: string } {
  return { value: 'none', label: t.selfAssessment.skip }
}

/** The work in plain Finnish, for who does not know its name. */
function plain({ lang }: PageContext, { easyFi }: TaskToAssess): Html | false {
  return easyFi !== null && lang === 'fi' && html`<span class="block">${easyFi}</span>`
}

function whatItIs({ t, lang }: PageContext, { steps }: TaskToAssess): Html | false {
  const list = html`<ol class="points">${steps.map((step) => html`<li>${localText(step, lang)}</li>`)}</ol>`
  return steps.length > 0 && details({ summary: t.selfAssessment.steps, content: list })
}
