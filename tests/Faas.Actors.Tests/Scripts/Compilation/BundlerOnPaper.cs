using Faas.Actors.Scripts.Compilation;
using Faas.Actors.Scripts.Trees;

namespace Faas.Actors.Tests.Scripts.Compilation;

/// <summary>A bundler that says what a test wants, by the text of the entry; null: the entry's own.</summary>
public sealed class BundlerOnPaper : ITreeBundler, IBundling
{
    public Func<string?, BundleAnswer>? Says { get; init; }

    /// <summary>What it was last asked for.</summary>
    public (SourceTree Tree, LibraryOrder? Libraries) Asked { get; private set; }

    public Task<IBundling> BeginAsync(SourceTree tree, LibraryOrder? libraries, CancellationToken cancellation)
    {
        Asked = (tree, libraries);
        return Task.FromResult<IBundling>(this);
    }

    public Task<BundleAnswer> BundleAsync(string? entryText, CancellationToken cancellation) =>
        Task.FromResult(Says?.Invoke(entryText) ?? throw new CompilerException("There is no bundler."));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
