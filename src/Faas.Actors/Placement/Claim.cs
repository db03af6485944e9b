namespace Faas.Actors.Placement;

/// <summary>A run goes to another node: what this node expects it to take there, until that node's next news.</summary>
/// <param name="Node">The node.</param>
/// <param name="Number">The node's news by which it was chosen.</param>
/// <param name="Binding">The binding of the run, by its hash; null: it has none.</param>
/// <param name="Image">The name of its image.</param>
public sealed record Claim(string Node, long Number, long? Binding, string Image);
