import { Component, type ComponentChildren } from "preact";
import { Failed } from "../controls/States.tsx";

/** Shows an error of the page's own code in the place of what threw it, so that the rest of the page stays. */
export class Guard extends Component<{ children: ComponentChildren }, { error: unknown }> {
  override state = { error: null as unknown };

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ error });
  }

  override render() {
    return this.state.error
      ? <Failed title="This part of the page has failed" error={this.state.error} onRetry={() => this.setState({ error: null })} />
      : this.props.children;
  }
}
