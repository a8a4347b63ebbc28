import { External, useExternal } from '@/ui/hooks/external';

/** Whether the script that draws tables is there. Apart from it, as a list without a table must not load it. */
class TableScript extends External {
  isLoaded = false;

  loaded() {
    this.isLoaded = true;
    this.changed();
  }
}

export const tableScript = new TableScript();

/** Whether tables are drawn: until then their rows are read, and not shown. */
export function useTableLoaded(): boolean {
  useExternal(tableScript);
  return tableScript.isLoaded;
}
