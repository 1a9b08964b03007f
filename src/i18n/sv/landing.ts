import type { Messages } from '../fi.ts'

export const landing: Messages['landing'] = {
  title: 'Gör kunnandet synligt',
  lead: 'Kompetenspasset visar vad du lär dig i arbetet. Vem som helst kan kontrollera märkena.',
  signIn: 'Logga in',
  signInLead: 'Öppna ditt eget pass eller anteckna din grupps kunnande.',
  first: {
    client: 'Öppna ditt pass',
    coach: 'Anteckna kunnande',
    coordinator: 'Öppna ansökningarna',
    foundation_lead: 'Öppna ansökningarna',
    school: 'Kontrollera ett märke',
    admin: 'Öppna modulerna',
  },
  verify: 'Kontrollera ett märke',
  verifyLead: 'Du ser om märket är äkta och giltigt. Du behöver inte logga in.',
  whatTitle: 'Så fungerar det',
  what: [
    'Du arbetar, och coachen antecknar vad du gjorde.',
    'Du bedömer också själv hur du kan.',
    'När du kan arbetet får du ett märke.',
    'Du bestämmer vem du visar märket för.',
  ],
}
