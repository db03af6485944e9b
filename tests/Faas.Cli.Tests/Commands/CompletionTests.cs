using Faas.Client;

namespace Faas.Cli.Tests.Commands;

/// <summary>What each shell does when Tab is pressed behind a line, with the shell itself.</summary>
[Collection(nameof(CliServer))]
public sealed class CompletionTests(CliServer server) : IAsyncLifetime, IDisposable
{
    private readonly CliProcess _cli = new(server.Address);

    public async Task InitializeAsync()
    {
        var stored = await server.Client.Scripts.UploadAsync(new Upload("tab/double", Languages.Python, "return 1"));
        await server.Client.Aliases.MoveAsync("tab/double", "stable", new AliasTarget(stored.Version));
        await server.Client.Scripts.UploadAsync(new Upload("tab/a;b", Languages.Python, "return 1"));
        await Eventually.HoldsAsync(
            async () => (await server.Client.Scripts.PageAsync("tab/")).Scripts.Count == 2, TimeSpan.FromSeconds(10), () => "the list is behind");
        _cli.Write("bin/faas", $"#!/bin/sh\nexec {string.Join(' ', _cli.Program)} \"$@\"\n");
        File.SetUnixFileMode(
            Path.Combine(_cli.Folder, "bin", "faas"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _cli.Variables["PATH"] = $"{Path.Combine(_cli.Folder, "bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        _cli.Variables["HOME"] = _cli.Folder;
        _cli.Write("hello.py", "return 1");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _cli.Dispose();

    public static TheoryData<string, string, string> Lines
    {
        get
        {
            (string Line, string Completed)[] lines =
            [
                ("faas roll", "rollback"),
                ("faas key cr", "create"),
                ("faas list --so", "--sort"),
                ("faas list --sort t", "time"),
                ("true; faas show tab/d", "tab/double"),
                ("faas call tab/double@st", "tab/double@stable"),
                ("faas rollback tab/double s", "stable"),
                ("faas run he", "hello.py"),
            ];
            var all = new TheoryData<string, string, string>();
            foreach (var shell in (string[])["bash", "zsh", "fish"])
            {
                foreach (var (line, completed) in lines)
                {
                    all.Add(shell, line, completed);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Tab_completes(string shell, string line, string completed)
    {
        var result = await _cli.RunInShellAsync(shell switch
        {
            "bash" => InBash(line),
            "zsh" => InZsh(line),
            _ => InFish(line),
        });
        Assert.Equal((completed, ""), (result.Out.TrimEnd(), result.Error));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    public Task A_name_that_the_shell_would_read_as_a_command_is_quoted(string shell) =>
        Tab_completes(shell, "faas show tab/a", @"tab/a\;b");

    // bash itself: a terminal, a line, Tab, and then what the line is (bind -x shows READLINE_LINE).
    private string InBash(string line)
    {
        _cli.Write("bashrc", """
            PS1=; bind 'set enable-bracketed-paste off'; eval "$(faas completion bash)"
            show() { printf '\n<%s>\n' "$READLINE_LINE"; exit; }
            bind -x '"\C-xs": show'
            echo ready
            """);
        return $$"""
            mkfifo keys; exec 3<>keys
            script -qec "stty cols 200; bash --rcfile bashrc -i" /dev/null < keys > seen 2>&1 & p=$!
            until grep -qs ready seen; do sleep 0.05; done
            printf '%s\t\030s' '{{line}}' > keys; wait $p
            tr -d '\r' < seen | sed -n 's/^<\(.*\)>$/\1/p' | sed 's/ $//' | grep -o '[^ ]*$'
            """;
    }

    private string InZsh(string line)
    {
        _cli.Write(".zshrc", """
            PS1=; unsetopt beep; autoload -U compinit && compinit -u -d zdump; eval "$(faas completion zsh)"
            show() { print -r -- "<$BUFFER>" > shown; exit; }
            zle -N show; bindkey '^Xs' show
            : > ready
            """);
        return $$"""
            mkfifo keys; exec 3<>keys
            script -qec "stty cols 200; zsh -i" /dev/null < keys > seen 2>&1 & p=$!
            until [ -e ready ]; do sleep 0.05; done
            printf '%s\t\030s' '{{line}}' > keys; wait $p
            sed -n 's/^<\(.*\)>$/\1/p' shown | sed 's/ $//' | grep -o '[^ ]*$'
            """;
    }

    private static string InFish(string line) =>
        $$"""fish --no-config -c 'faas completion fish | source; complete -C "$argv[1]"' '{{line}}' | cut -f1""";
}
