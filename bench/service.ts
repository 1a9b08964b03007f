import { startService } from '../src/main.ts'
import { beMeasured } from './process.ts'
import { serviceSettings } from './service-settings.ts'

/** The service as it is, in a process of its own; the queue is another process's and not measured. */
beMeasured(async (settings) => {
  const { config, opened } = serviceSettings(settings)
  return await startService(config, opened, { out: (line) => void process.stderr.write(line) }, { jobs: false })
})
