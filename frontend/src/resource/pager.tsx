import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Keyset paging: forward by cursor, back by the cursors already passed. Another question starts at the front. */
export function usePager(question: string) {
  const [{ passed, asked }, setState] = useState<{ passed: string[]; asked: string }>({
    passed: [],
    asked: question,
  });
  const current = asked === question ? passed : [];
  return {
    page: current.length + 1,
    after: current.at(-1) ?? null,
    forward: (cursor: string) => setState({ passed: [...current, cursor], asked: question }),
    back: () => setState({ passed: current.slice(0, -1), asked: question }),
  };
}

export function Pager({
  pager,
  next,
}: {
  pager: ReturnType<typeof usePager>;
  next: string | null | undefined;
}) {
  const { t } = useTranslation();
  if (pager.page === 1 && !next) return null;
  return (
    <nav className="pager" aria-label={t('pager.label')}>
      <Button disabled={pager.page === 1} onClick={pager.back} data-testid="page-back">
        {t('pager.back')}
      </Button>
      <span aria-live="polite">{t('pager.page', { page: pager.page })}</span>
      <Button disabled={!next} onClick={() => next && pager.forward(next)} data-testid="page-forward">
        {t('pager.forward')}
      </Button>
    </nav>
  );
}
