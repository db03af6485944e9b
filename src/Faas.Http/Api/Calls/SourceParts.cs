using System.Buffers;
using Faas.Http.Configuration;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>
/// The parts of a form that are a script's source: each part <c>sources</c> with a file name is a file, and the part <c>archive</c> a
/// packed tree. Throws <see cref="ProblemException"/>.
/// <para>
/// Theory of operation. <c>/run-now</c> also takes files for the run, and a part of any name may be one. Beside a part <c>code</c>, which
/// is the whole source, so are these parts. Since <c>code</c> may come after them, they are kept there until the end has come.
/// </para>
/// </summary>
internal sealed class SourceParts(CallMembers members, HttpOptions limits, CallFiles files, CallSources sources)
{
    private const string Archive = "archive";

    private readonly List<(string Name, string File, byte[] Content)> _kept = [];
    private long _keptBytes;
    private bool _hasArchive;

    private bool TakesFiles => members.HasFlag(CallMembers.Files);

    private long MostBytes => Math.Max(limits.MaxRequestBytes, limits.Files.Bytes);

    private int MostParts => Math.Max(limits.Files.Count, sources.MaxFiles);

    /// <summary>Whether a part is source.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="member">The member of this name; none: the route has no such member.</param>
    /// <param name="file">Its file name; null: none.</param>
    public bool Has(string name, CallMembers member, string? file) => file is null
        ? name == Archive && members.HasFlag(CallMembers.Sources) && !TakesFiles
        : member == CallMembers.Sources || (name == Archive && members.HasFlag(CallMembers.Sources));

    /// <summary>Takes a part that is source.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="file">Its file name.</param>
    /// <param name="hasCode">Whether <c>code</c> has come.</param>
    /// <param name="read">Gives the next piece of its content, and 0 bytes at the end.</param>
    public async Task AddAsync(string name, string? file, bool hasCode, Func<Memory<byte>, ValueTask<int>> read)
    {
        if (TakesFiles && hasCode)
        {
            await files.AddAsync(file!, read);
        }
        else if (TakesFiles)
        {
            await KeepAsync(name, file!, read);
        }
        else if (name == Archive)
        {
            CheckArchive();
            await sources.UnpackAsync((int)limits.MaxRequestBytes, read);
        }
        else
        {
            await sources.AddAsync(file!, read);
        }
    }

    /// <summary>Says what the parts are that were kept.</summary>
    /// <param name="hasCode">Whether <c>code</c> has come.</param>
    public void End(bool hasCode)
    {
        foreach (var (name, file, content) in _kept)
        {
            if (hasCode)
            {
                files.Add(file, new ReadOnlySequence<byte>(content));
            }
            else if (name == Archive)
            {
                CheckArchive();
                sources.Unpack((int)limits.MaxRequestBytes, content);
            }
            else
            {
                sources.Add(file, content);
            }
        }
    }

    private async Task KeepAsync(string name, string file, Func<Memory<byte>, ValueTask<int>> read)
    {
        if (_kept.Count == MostParts)
        {
            throw new ProblemException(FaasProblems.TooLarge(
                $"The file {MemberValue.Quoted(file)} is one too many; allowed are {MostParts}."));
        }

        var content = await CallSources.BytesAsync(read, MostBytes - _keptBytes, () => new ProblemException(FaasProblems.TooLarge(
            $"With the file {MemberValue.Quoted(file)}, the files have more than the {MostBytes} bytes that are allowed.")));
        _keptBytes += content.Length;
        _kept.Add((name, file, content));
    }

    private void CheckArchive()
    {
        if (_hasArchive)
        {
            throw ProblemException.Malformed($"There are two parts \"{Archive}\"; a script has one.");
        }

        _hasArchive = true;
    }
}
