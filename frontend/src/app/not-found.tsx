import { NotFound } from '@/ui/not-found';

export default function Page() {
  return <NotFound />;
}
