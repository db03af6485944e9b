using Faas.Architecture.Tests.Planted.Bottom;

namespace Faas.Architecture.Tests.Planted.Top;

/// <summary>Stands on the floor, as it may.</summary>
internal sealed class Roof
{
    public int Height { get; } = Floor.Height + 1;
}
