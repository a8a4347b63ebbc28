import { BatchPage } from '@/features/batches/batch-page';

// Ids are known at run time only: one page is exported under "_", and the gateway serves it for every id.
export const dynamicParams = false;
export function generateStaticParams() {
  return [{ id: '_' }];
}

export default function Page() {
  return <BatchPage />;
}
