using Faas.Actors.Scripts.Trees;

namespace Faas.Actors.Scripts.Compilation;

/// <summary>
/// Makes one text of the JavaScript and TypeScript files of a tree. The files are hostile, so esbuild works within walls, where there is
/// nothing but them.
/// </summary>
public interface ITreeBundler
{
    /// <summary>Lays out the files of a tree. Throws <see cref="CompilerException"/>.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="libraries">What is asked for its libraries; null: it has none.</param>
    /// <param name="cancellation">Cancelled when the caller leaves.</param>
    Task<IBundling> BeginAsync(SourceTree tree, LibraryOrder? libraries, CancellationToken cancellation);
}

/// <summary>A tree that is laid out. Disposal ends what works on it.</summary>
public interface IBundling : IAsyncDisposable
{
    /// <summary>Bundles the tree. Throws <see cref="CompilerException"/> when the bundler breaks or takes too long.</summary>
    /// <param name="entryText">In place of the entry's own text; null: that.</param>
    /// <param name="cancellation">Cancelled when the caller leaves.</param>
    Task<BundleAnswer> BundleAsync(string? entryText, CancellationToken cancellation);
}

/// <summary>What a bundler is told of a tree's libraries.</summary>
/// <param name="Dependencies">Those that the upload names beside those that the files declare.</param>
/// <param name="Lock">The lock of an earlier build; null: the versions are chosen now.</param>
public sealed record LibraryOrder(IReadOnlyList<string> Dependencies, string? Lock)
{
    /// <summary>Takes each line that their installer writes, while it writes; null: the answer has them all.</summary>
    public Action<string>? Says { get; init; }
}

/// <summary>What the bundler made of a tree; with errors, the other members are empty.</summary>
/// <param name="JavaScript">The text: a function body with static imports of node's own modules, and exports.</param>
/// <param name="SourceMap">Source map v3 (JSON), whose sources are the names of the files.</param>
/// <param name="Errors">What is wrong with the files.</param>
/// <param name="IsEntryWrapped">Whether the entry is a function of the text, because another file imports it while it runs.</param>
public sealed record BundleAnswer(string JavaScript, string SourceMap, IReadOnlyList<EsbuildMessage> Errors, bool IsEntryWrapped)
{
    /// <summary>As <see cref="CompiledJavaScript.HasPause"/> says.</summary>
    public bool HasPause { get; init; }

    /// <summary>The lock of the libraries; null: the tree declares none.</summary>
    public string? Lock { get; init; }

    /// <summary>Whether the text imports libraries from the layer of the lock.</summary>
    public bool NeedsLayer { get; init; }

    /// <summary>Why the libraries cannot be had; null: they are there.</summary>
    public string? Refused { get; init; }

    /// <summary>What their installer wrote.</summary>
    public string Log { get; init; } = "";
}
