import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { csvLines, saveCsv } from './csv/csv';
import type { CsvSpec } from './csv/csv-export';

interface SelectionLineProps<Row> {
  name: string;
  /** Those that are selected. */
  rows: readonly Row[];
  csv: Pick<CsvSpec<Row, never>, 'columns'>;
  clear: () => void;
}

/** How many rows are selected, and what can be done with them. */
export function SelectionLine<Row>({ name, rows, csv, clear }: SelectionLineProps<Row>) {
  const { t } = useTranslation();
  const save = () => {
    const columns = csv.columns(t);
    saveCsv(
      name,
      columns.map(({ heading }) => heading),
      [csvLines(columns, rows)],
    );
  };
  const said = rows.length > 0 && t('list.selected', { count: rows.length });
  return (
    <>
      {/* What is to be read out has to be there before its words are. */}
      <span className="for-readers" role="status">
        {said}
      </span>
      {said && (
        <span className="selection-line" data-testid={`${name}-selection`}>
          <span aria-hidden="true">{said}</span>
          <Button size="small" onClick={save}>
            {t('csv.selected')}
          </Button>
          <Button size="small" type="text" onClick={clear} aria-keyshortcuts="Escape">
            {t('list.unselect')}
            <span aria-hidden="true">
              <kbd>Esc</kbd>
            </span>
          </Button>
        </span>
      )}
    </>
  );
}
