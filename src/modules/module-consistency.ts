import { looksLike } from '../i18n/names.ts'
import { contentRefusal } from '../qualifications/content-fault.ts'
import type { Refusal } from '../refusal.ts'
import type { ModuleFile } from './file-schema.ts'

/** Refuses (`content`) a module file whose parts do not fit together: the first such place, and what is wrong there. */
export function refuseInconsistent(file: ModuleFile): void {
  refuseRepeated(
    file.requirements.map((one) => one.key),
    'requirements',
    'key',
  )
  refuseRepeated(
    file.tasks.map((one) => one.id),
    'tasks',
    'id',
  )
  refuseRepeated(
    file.badges.map((one) => one.id),
    'badges',
    'id',
  )
  refuseRepeated(
    file.supportLevels.map((one) => one.id),
    'supportLevels',
    'id',
  )
  refuseTwins(file)
  refuseStrayKeys(file)
  refuseCircle(
    file.tasks.map((one) => [one.id, one.prerequisites]),
    'tasks',
  )
  // A badge is above the badges it requires and above its children: one picture, so that no circle hides between the two.
  refuseCircle(
    file.badges.map((one) => [
      one.id,
      [...one.requires.badges, ...file.badges.filter((child) => child.parent === one.id).map((child) => child.id)],
    ]),
    'badges',
  )
  refuseUnexplained(file)
}

function refuse(pointer: string, detail: string): Refusal {
  return contentRefusal({ pointer, code: 'inconsistent', detail })
}

function refuseRepeated(names: readonly string[], list: string, member: string): void {
  const index = names.findIndex((name, at) => names.indexOf(name) !== at)
  if (index >= 0) throw refuse(`/${list}/${index}/${member}`, `${names[index]} is there twice`)
}

/** S-40: two badges whose names look the same could not be told apart. */
function refuseTwins({ badges }: ModuleFile): void {
  for (const [index, { name }] of badges.entries())
    for (const [language, text] of Object.entries(name))
      if (badges.slice(0, index).some((other) => looksLike(other.name[language] ?? '', text)))
        throw refuse(`/badges/${index}/name/${language}`, 'another badge has a name that looks the same')
}

function refuseStrayKeys(file: ModuleFile): void {
  const requirements = new Set(file.requirements.map((one) => one.key))
  const tasks = new Set(file.tasks.map((one) => one.id))
  const badges = new Set(file.badges.map((one) => one.id))
  const check = (wanted: readonly string[], known: ReadonlySet<string>, pointer: string, what: string): void => {
    const index = wanted.findIndex((name) => !known.has(name))
    if (index >= 0) throw refuse(`${pointer}/${index}`, `there is no ${what} ${wanted[index]}`)
  }
  for (const [index, task] of file.tasks.entries()) {
    check(task.requirements, requirements, `/tasks/${index}/requirements`, 'requirement')
    check(task.prerequisites, tasks, `/tasks/${index}/prerequisites`, 'task')
  }
  for (const [index, badge] of file.badges.entries()) {
    check(badge.requires.tasks, tasks, `/badges/${index}/requires/tasks`, 'task')
    check(badge.requires.badges, badges, `/badges/${index}/requires/badges`, 'badge')
    if (badge.parent !== null && !badges.has(badge.parent)) {
      throw refuse(`/badges/${index}/parent`, `there is no badge ${badge.parent}`)
    }
    const { requires } = badge
    if (requires.tasks.length + requires.badges.length === 0 && !requires.allRequirements) {
      throw refuse(`/badges/${index}/requires`, 'a badge needs tasks, badges or all requirements')
    }
  }
  const stray = Object.keys(file.uncoveredRequirements).find((ref) => !requirements.has(ref))
  if (stray) throw refuse(`/uncoveredRequirements/${stray}`, `there is no requirement ${stray}`)
}

function refuseCircle(nodes: readonly (readonly [string, readonly string[]])[], list: string): void {
  const edges = new Map(nodes)
  const done = new Set<string>()
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) {
      const index = nodes.findIndex(([node]) => node === name)
      throw refuse(
        `/${list}/${index}`,
        `goes round in a circle: ${[...path.slice(path.indexOf(name)), name].join(' → ')}`,
      )
    }
    if (done.has(name)) return
    for (const next of edges.get(name) ?? []) visit(next, [...path, name])
    done.add(name)
  }
  for (const [name] of nodes) visit(name, [])
}

/** Every requirement is covered by a task or has a reason why not, and never both; and has an identity in the criteria. */
function refuseUnexplained(file: ModuleFile): void {
  for (const [index, one] of file.requirements.entries()) {
    if (!one.tunniste && !one.codeUri && !one.textId) {
      throw refuse(`/requirements/${index}`, 'a requirement needs a tunniste, a codeUri or a textId')
    }
    const isCovered = file.tasks.some((task) => task.requirements.includes(one.key))
    const isExplained = Object.hasOwn(file.uncoveredRequirements, one.key)
    if (!isCovered && !isExplained)
      throw refuse(`/requirements/${index}`, `no task covers ${one.key} and no reason is given`)
    if (isCovered && isExplained) throw refuse(`/uncoveredRequirements/${one.key}`, `${one.key} is covered by a task`)
  }
}
