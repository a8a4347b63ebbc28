import { ObjectList } from '@/features/objects/list';

export default function Page() {
  return <ObjectList />;
}
