using Faas.Actors.Scripts.Compilation;

namespace Faas.Actors.Tests.Scripts.Compilation;

/// <summary>A builder of layers that says what a test wants.</summary>
public sealed class LayersOnPaper : ILayerBuilder
{
    public Func<LayerOrder, Task<LayerAnswer>>? Says { get; init; }

    /// <summary>What it was asked for, in order.</summary>
    public List<LayerOrder> Asked { get; } = [];

    public Task<LayerAnswer> BuildAsync(LayerOrder order, CancellationToken cancellation)
    {
        Asked.Add(order);
        return Says?.Invoke(order) ?? throw new CompilerException("There is no builder.");
    }
}
