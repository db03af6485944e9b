using System.Collections.Immutable;
using Akka.Actor;

namespace Faas.Actors.Scripts.Registry;

/// <summary>
/// The part of a script's actor that gives and takes the script whole, for archives.
/// <para>
/// Theory of operation. The code of an import has been stored before, outside this actor, so a deletion may have removed it meanwhile.
/// Therefore the script refers to it anew, under the protection that an upload has (<see cref="UnusedCode"/>), and what is then missing
/// refuses the import. An archive has all scripts of a server, most of which no call needs; so an actor that was started for an archive
/// stays in memory for a second and not for <see cref="ScriptOptions.PassivateAfter"/>.
/// </para>
/// </summary>
public sealed partial class ScriptActor
{
    private static readonly TimeSpan s_stayAfterArchive = TimeSpan.FromSeconds(1);

    private void GiveAll()
    {
        Answer(_shown.Latest is null ? null : _shown.ToSnapshot(), _shown.NotFound(number: null));
        StayForAMoment();
    }

    private void BeginImport(ImportScript import)
    {
        StayForAMoment();
        if (import.DryRun)
        {
            Sender.Tell(_loans.MaySpeak(import.Path) ? ImportRules.Decide(_decided, import).Reply : Elsewhere);
            return;
        }

        // As in ReferToCode, the asker travels in a message.
        var asker = Sender;
        _changers.Add(asker);
        ImmutableHashSet<CodeName> codes =
        [
            .. import.Versions.Where(version => _durable.Find(version.Number) is null).Select(CodeName.Of),
        ];
        foreach (var code in codes)
        {
            _unused.BeginUpload(code);
        }

        ReferAsync(codes, import.Path).PipeTo(
            Self,
            success: missing => new CodeReferred(import, asker, codes, missing),
            failure: failure => new CodeNotReferred(import, asker, codes, failure.Message));
    }

    private async Task<int> ReferAsync(ImmutableHashSet<CodeName> codes, string path)
    {
        var referred = await Task.WhenAll(codes.Select(code => _codes.ReferAsync(code, path, CancellationToken.None)));
        return referred.Count(isStored => !isStored);
    }

    private void OnCodeReferred(CodeReferred referred)
    {
        var import = referred.Import;
        var decision = ImportRules.Decide(_decided, import);
        var added = decision.Events.OfType<VersionsImported>().SelectMany(imported => imported.Versions);
        if (referred.Missing > 0 || !added.All(version => referred.Codes.Contains(CodeName.Of(version))))
        {
            decision = ScriptRules.Conflict(
                _decided, $"The script \"{import.Path}\" was changed while it was imported; import it again.");
        }

        Commit(decision, referred.Asker);
        EndImport(import, referred.Codes, isUseless: decision.Events.Count == 0);
    }

    private void OnCodeNotReferred(CodeNotReferred failed)
    {
        EndImport(failed.Import, failed.Codes, isUseless: false);
        Reply(failed.Asker, new StoreUnavailable(_durable.Path, failed.Why));
    }

    private void EndImport(ImportScript import, ImmutableHashSet<CodeName> codes, bool isUseless)
    {
        foreach (var code in codes)
        {
            _unused.EndUpload(code);
        }

        if (isUseless)
        {
            _unused.Drop(import.Versions, _durable, _decided, Self);
        }
    }

    private void Release(ReleaseCode release)
    {
        _unused.Drop(release.Versions, _durable, _decided, Self);
        Sender.Tell(_loans.MaySpeak(release.Path) ? new ScriptChanged(release.Path) : Elsewhere);
        StayForAMoment();
    }

    private void StayForAMoment()
    {
        if (s_stayAfterArchive < _options.PassivateAfter)
        {
            Context.SetReceiveTimeout(s_stayAfterArchive);
        }
    }

    private sealed record CodeReferred(ImportScript Import, IActorRef Asker, ImmutableHashSet<CodeName> Codes, int Missing)
        : INoSerializationVerificationNeeded;

    private sealed record CodeNotReferred(ImportScript Import, IActorRef Asker, ImmutableHashSet<CodeName> Codes, string Why)
        : INoSerializationVerificationNeeded;
}
