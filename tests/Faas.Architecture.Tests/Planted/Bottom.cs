using Faas.Architecture.Tests.Planted.Top;

namespace Faas.Architecture.Tests.Planted.Bottom;

/// <summary>What a wrong reference looks like: it uses what stands on it, and only in a method's body.</summary>
internal static class Floor
{
    public static int Height => new List<Roof>().Count;
}
