using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Trees;

namespace Faas.Actors.Archives;

/// <summary>Writes an archive, line by line. The caller keeps the order: first line, sections, last line.</summary>
/// <param name="output">Takes the bytes; it is the caller's to flush.</param>
public sealed class ArchiveWriter(IBufferWriter<byte> output) : IDisposable
{
    private readonly IncrementalHash _sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly HashSet<(Language, string)> _written = [];
    private string _path = "";
    private int _versions;
    private int _scripts;

    /// <summary>The first line.</summary>
    public void Begin()
    {
        output.Write(ArchiveForm.FirstLine);
        output.Write("\n"u8);
    }

    /// <summary>Begins a script's section.</summary>
    public void BeginScript(string path, ScriptTraits traits)
    {
        (_path, _versions) = (path, 0);
        _written.Clear();
        _sum.GetHashAndReset();
        Write(new ArchiveLine
        {
            Script = path,
            Enabled = traits.Enabled,
            Highest = traits.Highest,
            Keep = traits.Keep,
            Revision = traits.Revision,
            Aliases = traits.Aliases.IsEmpty ? null : new SortedDictionary<string, ScriptAlias>(traits.Aliases, StringComparer.Ordinal),
        });
    }

    /// <summary>Whether the section lacks the source of this version yet.</summary>
    public bool Lacks(ScriptVersion version) => !_written.Contains((version.Language, version.CodeHash));

    /// <summary>A version of the section's script; its code exactly where the section lacks it.</summary>
    public void Version(ScriptVersion version, ScriptCode? code)
    {
        _versions++;
        _written.Add((version.Language, version.CodeHash));
        Write(new ArchiveLine
        {
            Version = version.Number,
            Language = version.Language.ToWire(),
            Hash = version.CodeHash,
            Uploaded = version.At.ToUniversalTime(),
            Settings = JsonSerializer.SerializeToElement(version.Settings, ArchiveForm.Json.ScriptSettings),
            Source = code is { Tree: null } ? code.Source : null,
            Entry = code?.Tree?.Entry,
            Files = code?.Tree is { } tree ? SourceFileJson.Of(tree) : null,
            Lock = code?.Lock,
        });
    }

    /// <summary>Ends the section.</summary>
    public void EndScript()
    {
        _scripts++;
        Write(new ArchiveLine { End = _path, Versions = _versions, Sha256 = ArchiveForm.Text(_sum) });
    }

    /// <summary>The section so far counts for nothing.</summary>
    /// <param name="why">Why the archive lacks the script; null: the section follows anew.</param>
    public void Void(string? why) => Write(new ArchiveLine { Void = _path, Why = why });

    /// <summary>The last line.</summary>
    public void End() => Write(new ArchiveLine { Scripts = _scripts });

    /// <inheritdoc/>
    public void Dispose() => _sum.Dispose();

    private void Write(ArchiveLine line)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(line, ArchiveForm.Json.ArchiveLine);
        _sum.AppendData(bytes);
        _sum.AppendData("\n"u8);
        output.Write(bytes);
        output.Write("\n"u8);
    }
}
