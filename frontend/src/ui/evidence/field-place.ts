import { fieldName } from './field-name';

/** A place as people call it, whether it is a JSON pointer or written as server-side apply writes it. */
export const placeName = (path: string) =>
  path.startsWith('/') ? fieldName(path) : path.replace(/^\./, '') || path;

/** One name for a place, however it is written: items of lists stand in it by the values of their keys. */
export const placeKey = (path: string) =>
  path
    .replace(/\[([^\]]*)\]/g, (_, keys: string) => {
      const values = [...keys.matchAll(/=("(?:[^"\\]|\\.)*"|[^,]*)/g)].map(([, value = '']) => value);
      return `/${values.map((value) => value.replace(/^"(.*)"$/, '$1')).join('/')}`;
    })
    .replaceAll('~1', '/')
    .replaceAll('.', '/')
    .replace(/^\/+/, '');
