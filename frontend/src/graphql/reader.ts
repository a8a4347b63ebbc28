/** The language of the reader. Every request says it, because the server words its messages in it. */
let language = 'en';

export const acceptedLanguage = () => language;

export function setAcceptedLanguage(next: string) {
  language = next;
}
