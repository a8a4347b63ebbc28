import { render } from '@testing-library/react';
import i18next from 'i18next';
import type { ReactNode } from 'react';
import { initReactI18next } from 'react-i18next';
import { Provider } from 'react-redux';
import { vi } from 'vitest';
import en from '@/language/en.json';
import { createStore } from '@/store';

void i18next.use(initReactI18next).init({
  resources: { en: { translation: en } },
  lng: 'en',
  interpolation: { escapeValue: false },
});

export function show(children: ReactNode) {
  const store = createStore();
  const wrapper = (props: { children: ReactNode }) => <Provider store={store}>{props.children}</Provider>;
  return { store, ...render(children, { wrapper }) };
}

/** Answers the GraphQL requests in order, and returns them as they are sent. */
export function answer(...data: object[]) {
  const requests: { query: string; variables: Record<string, never> }[] = [];
  vi.stubGlobal(
    'fetch',
    vi.fn(async (_url: string, { body }: { body: string }) => {
      requests.push(JSON.parse(body));
      return new Response(JSON.stringify({ data: data.shift() }));
    }),
  );
  return requests;
}

/** Answers each GraphQL request by the name of its operation, however often it is asked. */
export function answerByName(data: Record<string, object>) {
  const requests: { query: string; variables: Record<string, never> }[] = [];
  vi.stubGlobal(
    'fetch',
    vi.fn(async (_url: string, { body }: { body: string }) => {
      const request = JSON.parse(body);
      requests.push(request);
      const name = /\b(?:query|mutation) (\w+)/.exec(request.query)?.[1] ?? '';
      return new Response(JSON.stringify({ data: data[name] }));
    }),
  );
  return requests;
}
