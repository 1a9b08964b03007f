import { loadConfig } from './config.ts'
import { openDatabase } from './database-server.ts'
import { connect } from './db/connect.ts'
import { createDeps } from './deps.ts'
import { createVault } from './keys/vault.ts'
import { makeAwardWorld } from '../bench/award-world.ts'
import pg from 'pg'
const config = loadConfig({ PUBLIC_ORIGIN: 'https://bench.example', LOG_LEVEL: 'silent', PORT:'4555' })
const opened = await openDatabase(config, {}, { temporary: true })
const ownerDb = connect(opened.ownerUrl, { max: 2, applicationName: 'bench', onError: () => undefined, statementTimeout: 300_000 })
const db = connect(opened.serviceUrl, { max: 2, applicationName: 'bench', onError: () => undefined })
const { kekCurrent, kekPrevious } = opened.secrets
const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const deps = createDeps({ config, secrets: opened.secrets, db, vault: createVault(kekCurrent, kekPrevious), log })
const world = await makeAwardWorld(deps, ownerDb, 6000)
const own = new pg.Client({connectionString: opened.ownerUrl}); await own.connect()
await own.query("alter system set auto_explain.log_analyze=on").catch(()=>0)
const { startService } = await import('./main.ts')
const cap: {sql:string, ms:number}[] = []
const db2 = connect(opened.serviceUrl, { max: 8, applicationName: 'x', onError: () => undefined, log: (e)=>{cap.push({sql:e.query.sql.slice(0,60).replace(/\s+/g,' '), ms:e.queryDurationMillis})} })
const { decideApplication } = await import('./awards/award.ts')
const { createIssuing } = await import('./awards/issuing.ts')
const d2 = {...deps, db: db2, issuing: createIssuing(db2, deps.vault)}
const sess = (await ownerDb.selectFrom('account').select(['id','display_name']).execute()).find(a=>a.display_name==='coordinator')!
// session
const sid = deps.newId()
await ownerDb.insertInto('session').values({tenant_id:'ben1',id:sid,account_id:sess.id,client_id:null,opened_by:null,browser:Buffer.from('x'),shared:false,started_at:new Date(),last_seen_at:new Date(),ends_at:new Date(Date.now()+3600e3),ended_at:null}).execute()
const actor = {kind:'staff',tenant:'ben1',sessionId:sid,accountId:sess.id,name:'',roles:['coordinator'],language:'fi'} as any
for (let i=0;i<40;i++) await decideApplication(d2 as any, actor, {id: world.applications[i]!, outcome:'award', idempotencyKey:'k'+i}, new Date())
cap.length=0
const t=performance.now()
const cpu0=process.cpuUsage()
for (let i=40;i<1240;i++) await decideApplication(d2 as any, actor, {id: world.applications[i]!, outcome:'award', idempotencyKey:'k'+i}, new Date())
const c=process.cpuUsage(cpu0)
console.log('serial per award ms', (performance.now()-t)/1200, 'cpu ms', (c.user+c.system)/1000/1200)
const by: Record<string,number[]> = {}
for (const x of cap) (by[x.sql]??=[]).push(x.ms)
for (const [k,v] of Object.entries(by)) console.log(k, v.length, (v.reduce((a,b)=>a+b)/v.length).toFixed(2))

const c3 = new pg.Client({connectionString: opened.serviceUrl}); await c3.connect()
await c3.query("begin; select set_config('app.tenant','ben1',true)")
const { readDecisionFacts } = await import('./awards/read.ts')
let captured: any
const db4 = connect(opened.serviceUrl, { max: 1, applicationName: 'x', onError: () => undefined, log: (e)=>{ if (e.query.sql.includes('application_id')) captured = e.query } })
const { asTenant } = await import('./db/connect.ts')
await (readDecisionFacts(db4 as any,{tenant:'ben1',applicationId:world.applications[5000]!,holder:sess.id,key:'zz'}))
const ex = await c3.query('explain (analyze, buffers off, timing off) '+captured.sql, captured.parameters as any)
console.log(ex.rows.map(r=>r['QUERY PLAN']).filter(l=>/Planning|Execution|Seq|rows=/.test(l)).map(l=>l.slice(0,170)).join('\n'))
await db4.destroy(); await c3.end()
const t2=performance.now()
await Promise.all(Array.from({length:16},async(_,w)=>{ for (let i=0;i<30;i++) await decideApplication(d2 as any, actor, {id: world.applications[1300+w*30+i]!, outcome:'award', idempotencyKey:'q'+w+'-'+i}, new Date())}))
console.log('parallel per s', 480/((performance.now()-t2)/1000))
await db2.destroy(); await db.destroy(); await ownerDb.destroy(); await own.end(); await opened.stop()
process.exit(0)
