@echo off
rem The words of the Makefile in a plain Windows command prompt: make q3, make test, make templates q3
setlocal
chcp 65001 >nul
set PYTHONUTF8=1
cd /d "%~dp0"
set BIN=.venv\Scripts
set WORD=%~1
set KY=
set YEAR=
set SO=
set NGAY=
rem cmd splits words at an equals sign: make templates KY=q3 NAM=2025 arrives as templates, KY, q3, NAM and 2025.
rem So do SO and NGAY, number and day of what is sent.
rem NAM in capitals and with a number behind it is the year of the plan; nam alone is a period.
:words
shift
if "%~1"=="" goto worded
if "%~1"=="NAM" if not "%~2"=="" (set YEAR=--year %~2& shift & goto words)
if /i "%~1"=="KY" (set KY=%~2& shift & goto words)
if /i "%~1"=="SO" (set SO=--number "%~2"& shift & goto words)
if /i "%~1"=="NGAY" (set NGAY=--date "%~2"& shift & goto words)
set KY=%~1
goto words
:worded
rem a package is sealed for the period that is typed and for no other
set SENT=%KY%
if "%KY%"=="" set KY=q3
if "%WORD%"=="" goto help
if /i "%WORD%"=="help" goto help
if /i "%WORD%"=="clean" (rmdir /s /q .venv .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis 2>nul & exit /b 0)

rem a report needs less than the tests do
set PINS=report
set STAMP=.venv\.ready
for %%W in (test quick lint check bench look fuzz) do if /i "%WORD%"=="%%W" (set PINS=tests& set STAMP=.venv\.ready-to-test)
rem what the stamp holds is what it was made from, so that new pins are taken up
set WANTED=pyproject.toml+requirements\report.txt+requirements\cluster.txt+requirements\tests.txt
if exist .venv copy /b %WANTED% .venv\.wanted >nul
if exist %STAMP% fc /b .venv\.wanted %STAMP% >nul && goto ready
where py >nul 2>nul && (set PY=py -3) || (set PY=python)
%PY% -c "import sys; sys.exit(0 if sys.version_info >= (3, 11) else 1)" || (echo Can Python 3.11 tro len. & exit /b 2)
echo Dang chuan bi moi truong (chi lan dau)...
if not exist %BIN%\python.exe %PY% -m venv .venv || exit /b 2
set PIP=%BIN%\python -m pip install --quiet --disable-pip-version-check
rem only wheels whose hashes stand in requirements\ are taken, whatever the index offers
%PIP% --require-hashes --only-binary :all: --requirement requirements\%PINS%.txt || exit /b 2
%PIP% --no-deps --no-build-isolation --no-index --editable . || exit /b 2
%BIN%\python -m compileall -q .venv\Lib pipeline
copy /b %WANTED% %STAMP% >nul
:ready

if /i "%WORD%"=="templates" (%BIN%\python -m pipeline templates %KY% %YEAR% & exit /b)
if /i "%WORD%"=="sample" (%BIN%\python -m pipeline sample %KY% %YEAR% & exit /b)
if /i "%WORD%"=="gui" (%BIN%\python -m pipeline send %SENT% %SO% %NGAY% %YEAR% & exit /b)
if /i "%WORD%"=="so-gui" (%BIN%\python -m pipeline sent %YEAR% & exit /b)
if /i "%WORD%"=="test" (%BIN%\python -m pytest --numprocesses logical --dist loadfile & exit /b)
if /i "%WORD%"=="quick" (%BIN%\python -m pytest @tests/quick.txt & exit /b)
if /i "%WORD%"=="lint" (%BIN%\ruff format --check . && %BIN%\ruff check . && %BIN%\mypy pipeline & exit /b)
if /i "%WORD%"=="check" (%BIN%\ruff format --check . && %BIN%\ruff check . && %BIN%\mypy pipeline && %BIN%\python -m pytest --numprocesses logical --dist loadfile & exit /b)
if /i "%WORD%"=="bench" (%BIN%\python -m bench & exit /b)
if /i "%WORD%"=="look" (%BIN%\python -m bench.look & exit /b)
if /i "%WORD%"=="fuzz" (%BIN%\python -m pytest -m slow --numprocesses logical & exit /b)
rem any other word is a period: which words there are is for the plan to say
%BIN%\python -m pipeline run "%WORD%" --today %YEAR%
exit /b

:help
echo make KY                               tong hop ky do, nhu make q3; nam khac: make q3 NAM=2025
echo make templates q3                     bieu trong cho tung don vi
echo make sample q3                        tao lai du lieu mau
echo make gui KY=q3 SO=1/BC NGAY=1/9/2025  niem phong ban gui cap tren, ghi so gui
echo make so-gui                           so gui, kiem tra tung goi da gui
echo make test ^| quick ^| check ^| lint        kiem thu, kiem thu nhanh, kiem tra
echo make bench ^| look ^| fuzz ^| clean ^| help  do toc do, ve ket qua thanh anh, kiem thu mo rong, don dep, danh sach
%BIN%\python -c "from pipeline.cli import period_words; print(period_words())" 2>nul || echo KY la ma cua mot ky trong ke hoach: xem thu muc schemas\plans.
exit /b 0
