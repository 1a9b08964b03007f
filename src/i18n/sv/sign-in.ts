import type { Messages } from '../fi.ts'

export const signIn: Messages['signIn'] = {
  title: 'Logga in',
  clientTitle: 'Logga in med kod',
  clientHint: 'När du är deltagare',
  clientAction: 'Jag har en kod',
  staffTitle: 'Logga in med användarnamn',
  staffHint: 'När du är coach, koordinator eller arbetar vid en läroanstalt',
  codeHint: 'Du får koden av coachen. Koden har 8 tecken.',
  code: 'Kod',
  codeValid: 'Koden fungerar i 15 minuter och en gång.',
  codeWrong: 'Skriv koden på nytt. Om koden inte fungerar, be coachen om en ny.',
  shared: 'Det här är en gemensam dator',
  sharedHint: 'Du loggas ut när du stänger webbläsaren eller när du inte har gjort något på 10 minuter.',
  moreTime: 'Jag behöver mer tid',
  email: 'E-post',
  password: 'Lösenord',
  wrong: 'Kontrollera e-posten och lösenordet. Om du försökte många gånger, vänta en minut.',
  wait: ({ seconds }) => `Vänta ${seconds} sekunder och försök sedan på nytt.`,
  ended: 'Din session har avslutats. Logga in på nytt. Om du just skickade ett formulär sparades det inte.',
  signedOut: 'Du har loggat ut.',
}
