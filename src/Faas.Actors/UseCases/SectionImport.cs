using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Faas.Actors.Archives;
using Faas.Actors.Json;
using Faas.Actors.Libraries;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Code;
using Faas.Actors.Scripts.Compilation;
using Faas.Actors.Scripts.Trees;

namespace Faas.Actors.UseCases;

/// <summary>
/// Takes one script of an archive.
/// <para>
/// Theory of operation. The code of each version that the script lacks here is stored as it comes, so that one code is in memory at a
/// time; the versions are collected. At the end of the section the script's actor gets all versions at once, and stores all or none. The
/// first thing that is wrong refuses the script, and the rest of its section is skipped. Code that was stored in vain is released by the
/// actor, which is asked for that by the versions that it must refuse.
/// </para>
/// </summary>
internal sealed class SectionImport
{
    private const int HashDigits = 2 * SHA256.HashSizeInBytes;
    private const int MostShown = 100;

    private readonly ArchiveLine _begin;
    private readonly ImportRequest _request;
    private readonly ICodeStore _codes;
    private readonly IScriptCompiler _compiler;
    private readonly IReadOnlyDictionary<long, ScriptVersion> _there;
    private readonly List<ScriptVersion> _versions = [];
    private readonly List<string> _leftOut = [];
    private readonly Dictionary<CodeName, (int Bytes, string? Broken)> _seen = [];
    private long _lastNumber;
    private int _read;

    /// <summary>Begins with the line that begins the section.</summary>
    /// <param name="begin">The line.</param>
    /// <param name="path">The script's path on this server.</param>
    /// <param name="there">The versions that the script has on this server, by number.</param>
    /// <param name="request">How to import.</param>
    /// <param name="codes">Where code is stored.</param>
    /// <param name="compiler">Compiles TypeScript.</param>
    public SectionImport(
        ArchiveLine begin,
        string path,
        IReadOnlyDictionary<long, ScriptVersion> there,
        ImportRequest request,
        ICodeStore codes,
        IScriptCompiler compiler)
    {
        (_begin, Path, _there, _request, _codes, _compiler) = (begin, path, there, request, codes, compiler);
        if (ScriptPath.Check(path) is { } wrong)
        {
            Path = path.Length > MostShown ? $"{path[..MostShown]}…" : path;
            Refuse($"The path {wrong}.");
        }
    }

    /// <summary>The script's path on this server.</summary>
    public string Path { get; }

    /// <summary>Why the script is refused; null: nothing is wrong so far.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The versions so far, whose code may have been stored.</summary>
    public IReadOnlyList<ScriptVersion> Versions => _versions;

    /// <summary>Takes a version. Throws <see cref="StoreException"/>.</summary>
    public async Task AddAsync(ArchiveLine line, CancellationToken cancellation)
    {
        _read++;
        if (Refusal is not null)
        {
            return;
        }

        var number = line.Version!.Value;
        if (number is < 1 or > ArchivedTraits.HighestNumber || number <= _lastNumber)
        {
            Refuse($"Version {number} is out of order; numbers rise, from 1 to {ArchivedTraits.HighestNumber}.");
            return;
        }

        _lastNumber = number;
        if (!WireNames.TryParse<Language>(line.Language ?? "", out var language))
        {
            Refuse($"Version {number} has a language that is not one of {WireNames.Allowed<Language>()}.");
        }
        else if (SettingsOf(line, number) is { } settings && HashOf(line, number) is { } hash)
        {
            await AddAsync(line, new ScriptVersion(number, language, hash, 0, UploadedOf(line, number), settings), cancellation);
        }
    }

    /// <summary>Checks the whole section at its last line; what the script's actor is to do, or null: it is refused.</summary>
    /// <param name="end">The line.</param>
    /// <param name="sum">The section's checksum as it was read.</param>
    /// <param name="now">The time.</param>
    public ImportScript? End(ArchiveLine end, string sum, DateTimeOffset now)
    {
        if (end.End != _begin.Script)
        {
            Refuse("The end of its section names another script.");
        }
        else if (end.Versions is { } count && count != _read)
        {
            Refuse($"Its section has {_read} versions, not {count} as its end says.");
        }
        else if (end.Sha256 is { } expected && !expected.Equals(sum, StringComparison.OrdinalIgnoreCase))
        {
            Refuse("Its section is damaged: the checksum is wrong.");
        }
        else if (Refusal is null && _versions.Count == 0)
        {
            Refuse("Its section has no version that can be taken.");
        }

        if (Refusal is not null)
        {
            return null;
        }

        var (traits, wrong) = ArchivedTraits.Of(_begin, _versions);
        if (traits is null)
        {
            Refuse($"{char.ToUpperInvariant(wrong![0])}{wrong[1..]}.");
            return null;
        }

        return new ImportScript(Path, [.. _versions], traits, now, _request.DryRun);
    }

    /// <summary>The script is refused, if it has not been before.</summary>
    public void Refuse(string why) => Refusal ??= why;

    /// <summary>How it ended.</summary>
    public ImportedScript ReportOf(ScriptImported? imported) => imported is null
        ? new ImportedScript(Path, ImportResult.Refused, 0, Refusal, [])
        : new ImportedScript(
            Path, imported.IsChanged ? ImportResult.Taken : ImportResult.There, imported.Versions, Why: null, _leftOut);

    private async Task AddAsync(ArchiveLine line, ScriptVersion version, CancellationToken cancellation)
    {
        var name = CodeName.Of(version);
        if (_there.TryGetValue(version.Number, out var there) && !there.IsOf(version.Language, version.CodeHash, version.Settings))
        {
            Refuse(ImportRules.ConflictOf(Path, there, version));
            return;
        }

        if (CodeOf(line, version) is { } given)
        {
            if (given.Hash != version.CodeHash)
            {
                Refuse($"The code of version {version.Number} is damaged: it has another hash.");
                return;
            }

            _seen.TryAdd(name, (given.Bytes, await StoreAsync(version, given, cancellation)));
        }

        if (Refusal is not null)
        {
            return;
        }

        if (!_seen.TryGetValue(name, out var code))
        {
            Refuse($"The code of version {version.Number} is neither with it nor with an earlier version.");
        }
        else if (code.Broken is null)
        {
            _versions.Add(version with { CodeBytes = code.Bytes });
        }
        else if (_request.SkipBroken)
        {
            _leftOut.Add($"Version {version.Number}: {code.Broken}");
        }
        else
        {
            Refuse($"Version {version.Number}: {code.Broken}");
        }
    }

    // What is wrong with the code, as a sentence; null: it is in the store, if that is needed.
    private async Task<string?> StoreAsync(ScriptVersion version, ScriptCode code, CancellationToken cancellation)
    {
        if (_there.ContainsKey(version.Number))
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(code.Source))
        {
            return "its code is blank.";
        }

        if (code.Bytes > _request.MostCodeBytes)
        {
            return $"its code has {code.Bytes} bytes; allowed are {_request.MostCodeBytes} (faas.http.code-max-size).";
        }

        if (code.Tree?.Files.Count > _request.MostFiles)
        {
            return $"it has {code.Tree.Files.Count} files; allowed are {_request.MostFiles} ({SettingCeilings.SourceFilesKey}).";
        }

        if (!_request.DryRun && await _codes.ReferAsync(CodeName.Of(version), Path, cancellation))
        {
            return null;
        }

        switch (await _compiler.PrepareAsync(code, log: null, cancellation))
        {
            case Prepared { Code: var prepared } when prepared.Hash != version.CodeHash:
                return "its code declares libraries, and the archive has no \"lock\" of them.";
            case Prepared prepared:
                if (!_request.DryRun)
                {
                    await _codes.PutAsync(prepared.Code, Path, cancellation);
                }

                return null;
            case NotCompiled refused:
                return $"its code does not compile: {refused.Error.Message} ({FileOf(refused.Error)}line {refused.Error.Line}).";
            case LibrariesRefused refused:
                return $"its libraries cannot be had: {refused.Why}";
            case CompilerFailed failed:
                return $"its code cannot be compiled here: {failed.Detail}";
            case var other:
                throw new InvalidOperationException($"The compiler replied with {other.GetType().Name}.");
        }
    }

    private static string FileOf(ScriptError error) => error.File is { } file ? $"{file}, " : "";

    // The code in the line; null: there is none in it, or it is refused.
    private ScriptCode? CodeOf(ArchiveLine line, ScriptVersion version)
    {
        if (line is { Source: null, Entry: null, Files: null })
        {
            return null;
        }

        try
        {
            if (line.Files?.Any(file => file is not { Name: not null }) == true)
            {
                throw new FormatException("A file needs a name, and one of text and base64.");
            }

            var source = line switch
            {
                { Source: { } text, Entry: null, Files: null } => ScriptCode.Of(version.Language, text),
                { Source: null, Entry: { } entry, Files: { } files } =>
                    EntryChoice.Check(version.Language, entry, [.. files.Select(file => file.Name)]) is { } wrong
                        ? throw new ArgumentException(wrong)
                        : ScriptCode.Of(version.Language, SourceFileJson.TreeOf(entry, files)),
                _ => throw new ArgumentException("It must have \"source\", or both \"entry\" and \"files\"."),
            } with { Dependencies = version.Settings.Dependencies };
            return line.Lock is { } @lock ? Locked(source, @lock) : source;
        }
        catch (Exception none) when (none is ArgumentException or FormatException)
        {
            Refuse($"The code of version {version.Number} cannot be taken: {none.Message}");
            return null;
        }
    }

    private static ScriptCode Locked(ScriptCode source, string @lock) =>
        source.Language != Language.Python ? source.With(@lock)
        : !source.MayNeedLibraries() ? throw new ArgumentException("It has a \"lock\", and declares no library.")
        : PythonLock.Fault(@lock) is { } fault ? throw new ArgumentException($"Its \"lock\" is none: {fault}.")
        : source.With(@lock);

    private ScriptSettings? SettingsOf(ArchiveLine line, long number)
    {
        try
        {
            var settings = line.Settings is { } json
                ? json.Deserialize(ArchiveForm.Json.ScriptSettings) ?? ScriptSettings.Default
                : ScriptSettings.Default;
            if (SettingRanges.Check(settings) is not { } wrong)
            {
                return settings == ScriptSettings.Default ? ScriptSettings.Default : settings;
            }

            Refuse($"The settings of version {number} cannot be taken: {wrong}.");
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            Refuse($"The settings of version {number} cannot be read: {ArchiveFault.Of(unreadable, SettingsBytes(line))}.");
        }

        return null;
    }

    private static byte[] SettingsBytes(ArchiveLine line) => Encoding.UTF8.GetBytes(line.Settings?.GetRawText() ?? "");

    private string? HashOf(ArchiveLine line, long number)
    {
        if (line.Hash is { Length: HashDigits } hash && hash.All(char.IsAsciiHexDigitLower))
        {
            return hash;
        }

        if (line is { Hash: null, Source: { } source })
        {
            return ScriptCode.HashOf(source);
        }

        Refuse($"Version {number} has no \"hash\" of {HashDigits} lower-case hex digits.");
        return null;
    }

    private static DateTimeOffset UploadedOf(ArchiveLine line, long number) => line.Uploaded?.ToUniversalTime()
        ?? DateTimeOffset.FromUnixTimeSeconds(Math.Min(number, DateTimeOffset.MaxValue.ToUnixTimeSeconds()));
}
