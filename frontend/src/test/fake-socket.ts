type Message = { id?: string; type: string; payload?: unknown };

/** A WebSocket whose server is the test: it acknowledges, records subscriptions and sends what the test sends. */
export class FakeSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  static opened: FakeSocket[] = [];

  readyState = FakeSocket.CONNECTING;
  /** The payload of connection_init. */
  greeting: unknown;
  subscriptions: { id: string; variables: Record<string, unknown> }[] = [];
  onopen: (() => void) | null = null;
  onclose: ((event: object) => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;

  constructor() {
    FakeSocket.opened.push(this);
    queueMicrotask(() => {
      this.readyState = FakeSocket.OPEN;
      this.onopen?.();
    });
  }

  send(text: string) {
    const message = JSON.parse(text) as Message;
    if (message.type === 'connection_init') {
      this.greeting = message.payload;
      this.say({ type: 'connection_ack' });
    }
    if (message.type === 'subscribe' && message.id) {
      const { variables } = message.payload as { variables: Record<string, unknown> };
      this.subscriptions.push({ id: message.id, variables });
    }
  }

  close(code = 1000, reason = '') {
    this.readyState = FakeSocket.CLOSED;
    this.onclose?.({ code, reason, wasClean: false });
  }

  next(data: unknown, subscription = this.subscriptions.at(-1)) {
    this.say({ id: subscription?.id, type: 'next', payload: { data } });
  }

  /** Partial data beside an error. */
  fail(data: unknown, code: string) {
    const errors = [{ message: code, extensions: { code } }];
    this.say({ id: this.subscriptions.at(-1)?.id, type: 'next', payload: { data, errors } });
  }

  refuse(code: string) {
    this.say({
      id: this.subscriptions.at(-1)?.id,
      type: 'error',
      payload: [{ message: code, extensions: { code } }],
    });
  }

  private say(message: Message) {
    queueMicrotask(() => this.onmessage?.({ data: JSON.stringify(message) }));
  }
}
