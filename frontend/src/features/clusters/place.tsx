import { Middle } from '@/ui/feedback/middle';
import { useHasSeveral } from './api';

interface PlaceProps {
  row: { cluster: { name: string }; namespace: string };
}

/** Where an object of a list is, in one line: its cluster only where there are several. */
export function Place({ row: { cluster, namespace } }: PlaceProps) {
  const parts = [useHasSeveral() && cluster.name, namespace];
  return <Middle text={parts.filter(Boolean).join(' · ')} />;
}
