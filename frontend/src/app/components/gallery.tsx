'use client';

import { Button, Checkbox } from 'antd';
import { type ReactNode, useState } from 'react';
import type { Environment } from '@/graphql/generated/graphql';
import { LanguageSwitch, ThemeSwitch } from '@/shell/switches';
import { Copy } from '@/ui/controls/copy';
import { Diff } from '@/ui/evidence/diff';
import { EvidenceChip } from '@/ui/evidence/evidence-chip';
import { FieldChanges } from '@/ui/evidence/field-changes';
import { LineDiff } from '@/ui/evidence/line-diff';
import { ProofBadge } from '@/ui/evidence/proof-badge';
import { Timeline } from '@/ui/evidence/timeline';
import { Values } from '@/ui/evidence/values';
import { Age } from '@/ui/feedback/age';
import { Changed } from '@/ui/feedback/changed';
import { Confirmation } from '@/ui/feedback/confirmation';
import { Empty } from '@/ui/feedback/empty';
import { EnvironmentStripe, PlaceBand } from '@/ui/feedback/environment';
import { Failure } from '@/ui/feedback/failure';
import { KeyList } from '@/ui/feedback/key-list';
import { Loading } from '@/ui/feedback/loading';
import { Middle } from '@/ui/feedback/middle';
import { Problem } from '@/ui/feedback/problem';
import { StateCause } from '@/ui/feedback/state-cause';
import { StateTag } from '@/ui/feedback/state-tag';
import { ToastBox, toast } from '@/ui/feedback/toast';
import { PageHead } from '@/ui/page-head';
import {
  causes,
  changes,
  confirmation,
  entries,
  environments,
  keys,
  names,
  states,
  url,
  versions,
} from './samples';

/** Every component in all its states, on invented data. */
export function Gallery() {
  return (
    <main id="content">
      <PageHead title="Components">
        <ThemeSwitch />
        <LanguageSwitch />
      </PageHead>
      <div className="columns from-top">
        <Section title="StateTag, StateCause">
          {states.map(([tone, text]) => (
            <StateCause key={text} state={text} cause={causes[text]}>
              <StateTag tone={tone} state={text} text={text} data-testid="state" />
            </StateCause>
          ))}
        </Section>
        <Section title="EnvironmentStripe, PlaceBand">
          {environments.map((environment) => (
            <div key={environment ?? 'none'}>
              <EnvironmentStripe environment={environment} />
              <PlaceBand environment={environment} place="eu-1, payments" />
            </div>
          ))}
        </Section>
        <Section title="EvidenceChip, ProofBadge">
          <EvidenceChip source="CONDITION" words="Ready = Unknown" href="#condition" />
          <EvidenceChip source="EVENT" words="BackOff ×12" href="#event" />
          <EvidenceChip source="LOG" words="last log" href="#log" />
          <EvidenceChip source="METRIC" words="255 of 256Mi" href="#metric" />
          <EvidenceChip source="CHANGE" words="5.1.9 → 5.2.0" href="#change" />
          <EvidenceChip source="CONTAINER" words="exit code 137" href="#container" />
          <EvidenceChip source="ADMISSION" words="denied by policy, which no page shows" />
          <ProofBadge state="proved" />
          <ProofBadge state="observed" />
          <ProofBadge state="waits" />
          <ProofBadge state="refuted" />
        </Section>
        <Section title="Diff, FieldChanges, LineDiff, Values">
          <Diff before="512Mi" after="256Mi" />
          <Diff before={null} after="shop" />
          <Diff before="shop" after={null} />
          <Diff before={url(5432)} after={url(6432)} />
          <FieldChanges changes={changes} />
          <LineDiff before={versions.before} after={versions.after} />
          <Values
            columns={[
              { title: 'When you opened it', value: null },
              { title: 'Now, by others', value: 3 },
              { title: 'Yours', value: 4 },
            ]}
          />
        </Section>
        <Section title="Timeline">
          <Timeline isComplete entries={entries} />
        </Section>
        <Section title="Changed, Age">
          <Live />
        </Section>
        <Section title="Middle">
          {names.map((name) => (
            <div key={name} style={{ width: 180 }}>
              <Middle text={name} />
            </div>
          ))}
        </Section>
        <Section title="Problem">
          <Problem
            error={{ code: 'UNAVAILABLE', message: '', requestId: '7f1c-e2' }}
            retry={() => {}}
            asOf={Date.now() - 60_000}
          />
          <Problem error={{ code: 'FORBIDDEN', message: 'needs list secrets in kube-system' }} />
          <Failure
            error={{ code: 'UNAVAILABLE', message: 'the API server did not answer within 20 s' }}
            text={(why) => `The lines stop here. ${why}`}
            data-testid="failure"
          />
        </Section>
        <Section title="Empty, Loading">
          <Empty text="No workload matches these filters.">
            <Button size="small">Clear the filters</Button>
          </Empty>
          <Loading lines={3} retry={() => {}} />
        </Section>
        <Section title="Toast">
          <ToastBox toast={{ text: 'Accepted: ledger', tone: 'good' }} close={() => {}} />
          <ToastBox
            toast={{ text: 'The page opens as soon as the server answers.', tone: 'busy' }}
            close={() => {}}
          />
          <ToastBox
            toast={{ text: 'Failed: Scale ledger.', tone: 'bad', href: '#failed' }}
            close={() => {}}
          />
          <Button onClick={() => toast({ text: 'Accepted: ledger', tone: 'good' })}>toast</Button>
        </Section>
        <Section title="Confirmation">
          {environments.map((environment) => (
            <Ask key={environment ?? 'none'} environment={environment} />
          ))}
        </Section>
        <Section title="KeyList, focus">
          <KeyList keys={keys} />
          <Button>Restart</Button>
          <Button danger>Delete</Button>
          <Button type="primary">Apply</Button>
          <Button type="primary" danger>
            Delete
          </Button>
          <Button disabled>Disabled</Button>
          <Checkbox>Choose</Checkbox>
          <Copy text="7f1c-e2" />
        </Section>
      </div>
    </main>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="panel stack" aria-label={title}>
      <h2>{title}</h2>
      <div className="filters">{children}</div>
    </section>
  );
}

function Live() {
  const [ready, setReady] = useState(4);
  return (
    <div className={`live-${ready % 2}`}>
      <span style={{ padding: '0 8px' }}>
        ledger <Changed figure={ready} />
        /6, <Age at={Date.now()} />{' '}
      </span>
      <Button size="small" onClick={() => setReady(ready + 1)}>
        change
      </Button>
    </div>
  );
}

function Ask({ environment }: { environment?: Environment }) {
  const [isOpen, setIsOpen] = useState(false);
  const leave = () => setIsOpen(false);
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>Delete in {environment ?? 'an unknown environment'}</Button>
      {isOpen && (
        <Confirmation
          {...confirmation}
          words={{ ...confirmation.words, environment }}
          confirm={leave}
          leave={leave}
        />
      )}
    </>
  );
}
