'use client';

import { Loading } from '@/ui/feedback/loading';

/** While the script of a page is on its way. */
export default function PageLoading() {
  return <Loading lines={10} />;
}
