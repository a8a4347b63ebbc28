import { DownloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'react-redux';
import type { RequestContext } from '@/graphql/api';
import type { GraphqlError } from '@/graphql/error';
import type { PostResult } from '@/graphql/post';
import { errorLine, errorWords } from '@/ui/feedback/error-words';
import { toast } from '@/ui/feedback/toast';
import type { WindowArgs } from '../window';
import { type CsvColumn, csvLines, saveCsv } from './csv';
import { type Page, readAll } from './read-all';

export interface CsvSpec<Row, Args> {
  columns: (t: ReturnType<typeof useTranslation>['t']) => readonly CsvColumn<Row>[];
  readPage: (args: Args, context: RequestContext) => Promise<PostResult<Page<Row>>>;
}

interface CsvExportProps<Row, Args> {
  /** Of the file, and prefix of the test ids. */
  name: string;
  spec: CsvSpec<Row, Args>;
  args: Args;
}

/** Saves the whole result of a list, with its progress and a way to stop. */
export function CsvExport<Row, Args extends WindowArgs>({ name, spec, args }: CsvExportProps<Row, Args>) {
  const { t, i18n } = useTranslation();
  const { dispatch, getState } = useStore();
  const [progress, setProgress] = useState<{ read: number; total?: number } | null>(null);
  const [error, setError] = useState<GraphqlError | null>(null);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const number = new Intl.NumberFormat(i18n.language);

  const run = async () => {
    const controller = new AbortController();
    running.current = controller;
    const { signal } = controller;
    const columns = spec.columns(t);
    // The browser may keep them on disk.
    const pages: Blob[] = [];
    setError(null);
    setProgress({ read: 0 });
    const answer = await readAll<Row, Args>({
      args,
      signal,
      readPage: (page) => spec.readPage(page, { dispatch, getState, signal }),
      page: (rows) => pages.push(new Blob([csvLines(columns, rows)])),
      progress: (read, total) => setProgress({ read, total }),
    });
    if (!answer) return;
    setProgress(null);
    if (answer.error) {
      setError(answer.error);
      return;
    }
    const headings = columns.map(({ heading }) => heading);
    saveCsv(name, headings, pages);
    toast({ text: t('csv.done', { count: answer.data }), tone: 'good' });
  };
  const cancel = () => {
    running.current?.abort();
    setProgress(null);
  };

  if (progress) {
    const { read, total } = progress;
    const values = { read: number.format(read), total: total === undefined ? '?' : number.format(total) };
    return (
      <span className="csv-progress">
        <span role="status" data-testid={`${name}-csv-progress`}>
          {t('csv.progress', values)}
        </span>
        <Button onClick={cancel} data-testid={`${name}-csv-cancel`}>
          {t('csv.cancel')}
        </Button>
      </span>
    );
  }
  return (
    <>
      <Button
        icon={<DownloadOutlined aria-hidden="true" />}
        onClick={() => void run()}
        data-testid={`${name}-csv`}
        title={t('csv.what')}
      >
        CSV
      </Button>
      {error && (
        <span role="alert" className="bad-text" data-testid={`${name}-csv-failed`}>
          {t('csv.failed', { message: errorLine(t, error) })} <code>{errorWords(t, error).detail}</code>
        </span>
      )}
    </>
  );
}
