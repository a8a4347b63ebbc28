import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Keyset paging: forward by cursor, back by the cursors already passed. Other list parameters start at page one. */
export function usePager(parameters: string) {
  const [{ passed, of }, setState] = useState<{ passed: string[]; of: string }>({
    passed: [],
    of: parameters,
  });
  const current = of === parameters ? passed : [];
  return {
    page: current.length + 1,
    after: current.at(-1) ?? null,
    forward: (cursor: string) => setState({ passed: [...current, cursor], of: parameters }),
    back: () => setState({ passed: current.slice(0, -1), of: parameters }),
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
