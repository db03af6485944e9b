using Faas.Actors.Libraries;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;
using Xunit;

namespace Faas.Actors.Tests.Libraries;

public sealed class RuledCompilerTests
{
    private static readonly string s_lock = $"alpha==1 --hash=sha256:{new string('0', 64)}\nevil==1 --hash=sha256:{new string('0', 64)}\n";

    private const string NpmLock =
        """
        lockfileVersion: '9.0'
        settings:
          autoInstallPeers: true
        importers:
          .: {}
        packages:
          evil@1.0.0:
            resolution: {integrity: sha512-x}
        snapshots:
          evil@1.0.0: {}

        """;

    [Fact]
    public async Task Code_with_a_lock_that_has_a_denied_library_is_refused_though_nothing_has_to_be_installed()
    {
        ScriptCode[] codes =
        [
            ScriptCode.Of(Language.Python, "import evil").With(s_lock), ScriptCode.Of(Language.TypeScript, "import 'npm:evil'").With(NpmLock),
        ];
        foreach (var code in codes)
        {
            var refused = Assert.IsType<LibrariesRefused>(await Compiler("evil").PrepareAsync(code, null, default));
            Assert.Equal("The library 'evil' is refused by 'evil' in faas.libraries.deny.", refused.Why);
            Assert.Same(code, Assert.IsType<Prepared>(await Compiler("other").PrepareAsync(code, null, default)).Code);
        }
    }

    [Fact]
    public async Task Code_without_a_lock_and_with_one_that_is_none_is_the_compilers_to_judge()
    {
        var code = ScriptCode.Of(Language.Python, "import evil");
        Assert.IsType<Prepared>(await Compiler("*").PrepareAsync(code, null, default));
        Assert.IsType<Prepared>(await Compiler("*").PrepareAsync(code.With("no lock"), null, default));
    }

    private static RuledCompiler Compiler(string denied) =>
        new(new AsItIs(), new LibraryRules([NamePattern.Parse("*")!], [NamePattern.Parse(denied)!]));

    private sealed class AsItIs : IScriptCompiler
    {
        public Task<Preparation> PrepareAsync(ScriptCode code, Action<string>? log, CancellationToken cancellation) =>
            Task.FromResult<Preparation>(new Prepared(code));
    }
}
