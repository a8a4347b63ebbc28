// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { show } from '@/test/render';
import { Timeline, type TimelineEntry } from './timeline';

const entries: TimelineEntry[] = [
  { key: '3', at: '2026-01-09T12:00:00Z', by: 'failure', content: 'Rollout stuck' },
  { key: '2', at: '2026-01-09T11:00:00Z', by: 'person', content: 'Ada restarted it' },
  { key: '1', at: '2026-01-03T10:00:00Z', by: 'service', content: 'argocd synced it' },
];
const shown = () =>
  screen.getAllByRole('listitem').map((item) => (item.querySelector('.grow') ?? item).textContent);

it('days without a change are folded and counted', () => {
  show(<Timeline isComplete entries={entries} />);
  expect(shown()).toEqual([
    'Rollout stuck',
    'Ada restarted it',
    '6 days without a change',
    'argocd synced it',
  ]);
});

it('a list that lacks changes does not call its gaps quiet', () => {
  show(<Timeline entries={entries} />);
  expect(shown()).toEqual(['Rollout stuck', 'Ada restarted it', 'argocd synced it']);
});

it('a person, a service, a failure and a warning have marks of their own', () => {
  const warning: TimelineEntry = { key: '0', at: '2026-01-02T10:00:00Z', by: 'warning', content: 'BackOff' };
  const { container } = show(<Timeline entries={[...entries, warning]} />);
  const marks = ['failure .anticon-close', 'person .anticon-user', 'service .anticon-robot'];
  for (const mark of [...marks, 'warning .anticon-warning'])
    expect(container.querySelector(`.timeline-${mark}`)).toHaveAttribute('aria-hidden', 'true');
});

it('each entry has its time', () => {
  show(<Timeline entries={entries} />);
  const times = screen.getAllByRole('listitem').map((item) => item.querySelector('time')?.dateTime);
  expect(times).toEqual(entries.map(({ at }) => new Date(at).toISOString()));
});
